/** What must hold between variables; each variable's own form is in `schema.ts`. */
import { calendarProblems } from './calendar';
import { mailProblems } from './mail';
import { chosenProvider, providerProblems, type Values } from './providers';
import { storageProblems } from './storage';
import { isLoopback } from './urls';

/** Whoever sets these believes that tokens are checked. */
const SIGN_IN_ONLY = ['AUTH_AUDIENCE', 'AUTH_JWKS_URL'] as const;

function signInProblems(values: Values): string[] {
  const { NODE_ENV, AUTH_ISSUER, HOST } = values;
  if (AUTH_ISSUER !== undefined) return [];
  const pointless = SIGN_IN_ONLY.filter((name) => values[name] !== undefined);
  if (pointless.length)
    return [`AUTH_ISSUER is missing: without it ${pointless.join(' and ')} would check nothing`];
  if (NODE_ENV === 'production') return ['AUTH_ISSUER is missing: production needs sign-in'];
  if (HOST === undefined || isLoopback(HOST as string)) return [];
  return [
    'HOST must be a loopback address while AUTH_ISSUER is not set: without sign-in everyone is the local user',
  ];
}

function versioningProblems({ WORKER_DEPLOYMENT_NAME, WORKER_BUILD_ID }: Values): string[] {
  if ((WORKER_DEPLOYMENT_NAME === undefined) === (WORKER_BUILD_ID === undefined)) return [];
  const missing = WORKER_BUILD_ID === undefined ? 'WORKER_BUILD_ID' : 'WORKER_DEPLOYMENT_NAME';
  return [`${missing} is missing: worker versioning needs both, or leave both away`];
}

/** Everything that does not fit together, as sentences that say what to change. */
export const crossChecks = (values: Values): string[] => [
  ...signInProblems(values),
  ...versioningProblems(values),
  ...providerProblems(values),
  ...storageProblems(values),
  ...mailProblems(chosenProvider('mail', values), values),
  ...calendarProblems(chosenProvider('calendar', values), values),
];
