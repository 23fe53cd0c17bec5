import { isServiceAway } from './service-away';

const coded = (code: string) => Object.assign(new Error('x'), { code });

test.each([
  coded('ECONNREFUSED'),
  coded('57P01'),
  coded('53300'),
  coded('25P03'),
  coded('40P01'),
  new Error('Connection terminated unexpectedly'),
  new Error('Client was closed and is not queryable'),
  new Error('select * from "tasks" where "id" = $1 - Connection terminated unexpectedly'),
  Object.assign(new Error('pool'), { name: 'KnexTimeoutError' }),
  Object.assign(new Error('wrapped'), { nativeError: coded('08006') }),
  new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]),
])('%s passes', (error) => expect(isServiceAway(error)).toBe(true));

test.each([
  coded('23505'),
  coded('22021'),
  coded('08P01'),
  coded('ENOENT'),
  new TypeError('x'),
  null,
  undefined,
  'ECONNREFUSED',
])('%s is our own mistake', (error) => expect(isServiceAway(error)).toBe(false));
