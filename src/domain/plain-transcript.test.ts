import { plainTranscript, speakerName } from './plain-transcript';

test('a line per segment, with the speaker when there is one', () => {
  const segments = [
    { speaker: 'Anna', text: 'Shall we start?' },
    { speaker: null, text: 'Yes.' },
  ];
  expect(plainTranscript(segments)).toBe('Anna: Shall we start?\nYes.');
});

test('known names replace the labels of voices', () => {
  const names = { 'Speaker 1': { name: 'Anna Berg' } };
  const segments = ['Speaker 1', 'Speaker 2'].map((speaker) => ({ speaker, text: 'Hello.' }));
  expect(plainTranscript(segments, names)).toBe('Anna Berg: Hello.\nSpeaker 2: Hello.');
});

test('no segments, no text', () => expect(plainTranscript([])).toBe(''));

test('a label that is the name of an object property is a label', () =>
  expect(speakerName('constructor', {})).toBe('constructor'));
