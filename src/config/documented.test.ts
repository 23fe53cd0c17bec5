import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { loadConfig } from '../config';
import { projectRoot } from '../project-root';
import { VARIABLE_NAMES } from './schema';

const example = readFileSync(path.join(projectRoot, '.env.example'), 'utf8');
const readme = path.join(projectRoot, 'README.md');

describe('.env.example', () => {
  it('has every variable, in the order of the schema', () => {
    expect(example.match(/^[A-Z0-9_]+(?==)/gm)).toEqual(VARIABLE_NAMES);
  });

  it('says in one line what each is for', () => {
    for (const name of VARIABLE_NAMES) expect(example).toMatch(new RegExp(`^# .+\n${name}=`, 'm'));
  });

  it('shows the defaults: as it stands it changes nothing', () => {
    const DATABASE_URL = 'postgres://me@localhost/meetings';
    expect(loadConfig({ ...parseEnv(example), DATABASE_URL })).toEqual(loadConfig({ DATABASE_URL }));
  });
});

describe('the README', () => {
  it('names every variable', () => {
    if (!existsSync(readme)) return console.warn('there is no README.md to compare with');
    const text = readFileSync(readme, 'utf8');
    expect(VARIABLE_NAMES.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });
});
