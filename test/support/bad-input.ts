/** What a client can send wrong, by the rows of the list of bad inputs. `:task` and `:meeting` stand for rows that exist. */
import { randomUUID } from 'node:crypto';
import { LOCAL_USER } from '../../src/db/seed';
import { BAD_TASKS, BAD_USERS } from './bad-values';
import { INVALID, type BadInput } from './bad-input-row';

const PARAMETER: BadInput['answer'] = [400, 'invalid-parameter'];
const MALFORMED: BadInput['answer'] = [400, 'malformed-json'];
const UNSUPPORTED: BadInput['answer'] = [415, 'unsupported-media-type'];
const NOT_FOUND: BadInput['answer'] = [404, 'not-found'];

const json = (type: string) => ({ 'Content-Type': type });
const nested = (depth: number) => `{"name":${'['.repeat(depth)}${']'.repeat(depth)}}`;

/** Rows 1–10: the shape of the request. All go to POST /tasks unless they say otherwise. */
const SHAPES: BadInput[] = [
  { what: 'broken JSON', body: '{bad', answer: MALFORMED },
  { what: 'no body', answer: INVALID },
  { what: 'an empty body', body: '', answer: INVALID },
  ...['null', '"x"', '1', 'true'].map((body): BadInput => ({
    what: `${body} as body`,
    body,
    answer: MALFORMED,
  })),
  { what: 'a list as body', body: '[]', answer: INVALID },
  { what: '10 MB', body: { name: 'x'.repeat(10_000_000) }, answer: [413, 'payload-too-large'] },
  { what: '100,000 levels', body: nested(100_000), answer: MALFORMED },
  { what: '20 levels', body: nested(20), answer: MALFORMED },
  { what: 'duplicate keys', body: '{"name":"a","name":""}', answer: INVALID },
  { what: '__proto__', body: '{"name":"x","__proto__":{"role":"admin"}}', answer: MALFORMED },
  { what: 'constructor', body: '{"name":"x","constructor":{"prototype":{"a":1}}}', answer: [400, '*'] },
  { what: 'prototype', body: '{"name":"x","prototype":{"a":1}}', answer: INVALID },
  { what: 'text/plain', body: '{"name":"x"}', headers: json('text/plain'), answer: UNSUPPORTED },
  { what: 'a form', body: 'name=x', headers: json('application/x-www-form-urlencoded'), answer: UNSUPPORTED },
  { what: 'a broken content type', body: '{"name":"x"}', headers: json(';;'), answer: UNSUPPORTED },
  {
    what: 'utf-16',
    body: '{"name":"x"}',
    headers: json('application/json; charset=utf-16'),
    answer: UNSUPPORTED,
  },
  { what: 'gzip', body: '{}', headers: { 'Content-Encoding': 'gzip' }, answer: UNSUPPORTED },
];

/** Rows 16–20: path, query, headers. */
const ADDRESSES: BadInput[] = [
  { what: 'an unknown verb', method: 'PROPFIND', path: '/tasks', answer: [405, 'method-not-allowed'] },
  { what: 'an unknown verb, unknown path', method: 'PROPFIND', path: '/x', answer: NOT_FOUND },
  ...['%E0%A4%A', '%00', '%2e%2e%2f', `{${randomUUID()}}`, 'x'.repeat(8000), '1'].map((id): BadInput => ({
    what: `id ${id.slice(0, 12)}`,
    method: 'GET',
    path: `/task/${id}`,
    answer: PARAMETER,
  })),
  { what: 'two slashes', method: 'GET', path: '//', answer: NOT_FOUND },
  { what: 'a nil id', method: 'GET', path: '/task/00000000-0000-0000-0000-000000000000', answer: NOT_FOUND },
  { what: 'no id at all', method: 'GET', path: '/task/', answer: NOT_FOUND },
  ...['1&limit=2', '-1', '0', '1e3', 'NaN', '101', '1.5', '%201', '', '1;drop table users'].map(
    (limit): BadInput => ({
      what: `limit=${limit}`,
      method: 'GET',
      path: `/meetings?limit=${limit}`,
      answer: PARAMETER,
    }),
  ),
  { what: 'limit[$gt]', method: 'GET', path: '/meetings?limit[$gt]=1', answer: PARAMETER },
  { what: 'an unknown status', method: 'GET', path: '/meetings?status=READY', answer: PARAMETER },
  { what: 'SQL in a filter', method: 'GET', path: "/meetings?status='or 1=1--", answer: PARAMETER },
  { what: 'NUL alone in the search words', method: 'GET', path: '/meetings?q=%00', answer: PARAMETER },
  { what: 'blank search words', method: 'GET', path: '/meetings?q=%20', answer: PARAMETER },
  { what: 'a sort that nobody offers', method: 'GET', path: '/meetings?sort=title', answer: PARAMETER },
  {
    what: 'a day that is none',
    method: 'GET',
    path: `/tasks/${LOCAL_USER.id}?dueBefore=2026-02-30`,
    answer: PARAMETER,
  },
  { what: 'a huge cursor', method: 'GET', path: `/meetings?cursor=${'A'.repeat(4000)}`, answer: PARAMETER },
  { what: 'a query on a route without one', method: 'GET', path: '/me?x=1', answer: PARAMETER },
  {
    what: 'Origin: null',
    body: { name: 'x' },
    headers: { Origin: 'null' },
    answer: [403, 'origin-not-allowed'],
  },
  {
    what: 'an origin that looks alike',
    body: { name: 'x' },
    headers: { Origin: 'https://app.example.com.evil.org' },
    answer: [403, 'origin-not-allowed'],
  },
];

const person = { name: 'x', email: 'x@example.com' };

/** `:task` and `:meeting` stand for rows that exist. */
const OTHERS: BadInput[] = [
  {
    what: 'a title that is none',
    method: 'PATCH',
    path: '/meeting/:meeting',
    body: { title: null },
    answer: INVALID,
  },
  {
    what: '1 MB of title',
    method: 'PATCH',
    path: '/meeting/:meeting',
    body: { title: 'x'.repeat(1e6) },
    answer: INVALID,
  },
  {
    what: 'the status',
    method: 'PATCH',
    path: '/meeting/:meeting',
    body: { status: 'ready' },
    answer: INVALID,
  },
  {
    what: '5,000 participants',
    method: 'PATCH',
    path: '/meeting/:meeting',
    body: { participants: Array(5000).fill(person) },
    answer: INVALID,
  },
  {
    what: 'a participant with a role',
    method: 'PATCH',
    path: '/meeting/:meeting',
    body: { participants: [{ ...person, role: 'admin' }] },
    answer: INVALID,
  },
  {
    what: 'speakers as a list',
    method: 'PATCH',
    path: '/meeting/:meeting',
    body: { speakers: ['x'] },
    answer: INVALID,
  },
  {
    what: 'a language that is none',
    path: '/transcribe/:meeting',
    body: { language: 'en; rm -rf /' },
    answer: INVALID,
  },
  {
    what: 'long instructions',
    path: '/extract/:meeting',
    body: { instructions: 'x'.repeat(4001) },
    answer: INVALID,
  },
  { what: 'no transcript', path: '/extract/:meeting', answer: [409, 'no-transcript'] },
  {
    what: 'a body where none belongs',
    path: '/meeting/:meeting/cancel',
    body: { force: true },
    answer: INVALID,
  },
  { what: 'another channel', path: '/notify/:task', body: { channels: ['sms'] }, answer: INVALID },
  { what: 'no channel', path: '/notify/:task', body: { channels: [] }, answer: INVALID },
  { what: 'a channel twice', path: '/notify/:task', body: { channels: ['email', 'email'] }, answer: INVALID },
  { what: 'resend: false', path: '/notify/:task', body: { resend: false }, answer: INVALID },
  { what: 'resend: "true"', path: '/notify/:task', body: { resend: 'true' }, answer: INVALID },
  { what: 'a recipient', path: '/notify/:task', body: { to: 'x@example.com' }, answer: INVALID },
  { what: 'a meeting for a task', path: '/notify/:meeting', answer: NOT_FOUND },
  { what: 'a task for a meeting', path: '/extract/:task', answer: NOT_FOUND },
  { what: 'an unknown meeting', path: `/transcribe/${randomUUID()}`, answer: NOT_FOUND },
  { what: 'a task for a user', method: 'GET', path: '/tasks/:task', answer: NOT_FOUND },
  {
    what: 'deleting oneself',
    method: 'DELETE',
    path: `/users/${LOCAL_USER.id}`,
    answer: [409, 'not-on-yourself'],
  },
  {
    what: 'needsReview: null',
    method: 'PUT',
    path: '/tasks/:task',
    body: { needsReview: null },
    answer: INVALID,
  },
  {
    what: 'moving a task',
    method: 'PUT',
    path: '/tasks/:task',
    body: { meetingId: randomUUID() },
    answer: INVALID,
  },
];

export const BAD_INPUT = [...SHAPES, ...ADDRESSES, ...BAD_TASKS, ...BAD_USERS, ...OTHERS].map(
  (bad): BadInput & { name: string } => ({
    ...bad,
    name: `${bad.method ?? 'POST'} ${(bad.path ?? '/tasks').slice(0, 60)}: ${bad.what}`,
  }),
);
