import fc from 'fast-check';
import { JsonText } from './json-text';

const list = new JsonText('[{"a":1}]');

it.each<[string, object]>([
  ['{}', {}],
  ['{"x":1}', { x: 1 }],
  ['{"list":[{"a":1}]}', { list }],
  ['{"x":[],"y":null,"list":[{"a":1}]}', { x: [], list, y: null }],
  ['{"l\\"1":[{"a":1}],"l2":[{"a":1}]}', { 'l"1': list, l2: list }],
])('%s', (json, body) => expect(JsonText.write(body).toString()).toBe(json));

it('says the same as JSON.stringify, whatever is in the body', () => {
  const values = fc.dictionary(
    fc.string({ unit: 'binary' }),
    fc.oneof(
      fc.jsonValue(),
      fc.jsonValue().map((value) => new JsonText(JSON.stringify(value))),
    ),
  );
  fc.assert(
    fc.property(values, (body) => {
      expect(JSON.parse(JsonText.write(body).toString())).toEqual(JSON.parse(JSON.stringify(body)));
    }),
  );
});
