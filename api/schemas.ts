/** Joi pieces that several routes share. `meta` = what the API document says beyond Joi. */
import { DateTime, IANAZone } from 'luxon';
import Joi from 'joi';
import { text } from '../src/domain/text';

/** What a person wrote: cleaned by `text()`, then not empty; at most `max` characters as sent. */
export const words = (max: number) =>
  Joi.string()
    .max(max)
    .custom((value: string, helpers) => text(value) || helpers.error('string.empty'));

/** In canonical form: braces and the like are refused, upper case is lowered. */
export const id = () =>
  Joi.string()
    .pattern(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'UUID')
    .custom((value: string) => value.toLowerCase())
    .meta({ type: 'string', format: 'uuid' });

/** Lower-cased; ASCII or international domains, no display name. */
export const email = () =>
  Joi.string()
    .max(254)
    .email({ tlds: false, minDomainSegments: 2 })
    .custom((value: string, helpers) =>
      value.isWellFormed() ? value.toLowerCase() : helpers.error('string.email'),
    );

/**
 * Names that mean the same to Postgres. ICU, which answers for luxon, has more: some that Postgres does not know (`AET`) or
 * takes for an abbreviation without summer time (`CET`), and offsets (`+05:30`), whose sign it reads the other way round.
 */
const SHARED_ZONES =
  /^(UTC|GMT|(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US)\/.+)$/i;
const UNKNOWN_TO_POSTGRES = /^(US\/Pacific-New|Canada\/East-Saskatchewan)$/i;
const isZone = (name: string) =>
  SHARED_ZONES.test(name) && !UNKNOWN_TO_POSTGRES.test(name) && IANAZone.isValidZone(name);

export const timezone = () =>
  Joi.string()
    .max(64)
    .custom((value: string, helpers) =>
      isZone(value)
        ? value
        : helpers.message({ custom: '{{#label}} must be an IANA time zone such as Europe/Berlin' }),
    )
    .meta({ description: 'An IANA time zone', examples: ['Europe/Berlin'] });

/** BCP 47, only as far as engines care: a language, perhaps with a script or region. */
export const language = () =>
  Joi.string()
    .pattern(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/, 'language tag')
    .meta({ examples: ['en'] });

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT =
  /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
/** Years that calendars and databases agree on. */
const isReal = (value: string) => DateTime.fromISO(value).isValid && value >= '1900' && value < '9999';

/** `YYYY-MM-DD` of a day that exists, or RFC 3339 with an offset. Stays a string. */
export const dayOrInstant = () =>
  Joi.string()
    .max(40)
    .custom((value: string, helpers) =>
      (DAY.test(value) || INSTANT.test(value)) && isReal(value)
        ? value
        : helpers.message({
            custom:
              '{{#label}} must be a calendar day (2026-11-23) or a time with offset (2026-11-23T15:00:00+01:00)',
          }),
    )
    .meta({
      description: 'A calendar day, or RFC 3339 with an offset',
      pattern: `${DAY.source}|${INSTANT.source}`,
      examples: ['2026-11-23', '2026-11-23T15:00:00+01:00'],
    });

/** A query's `limit`: plain digits only, since Joi would take `1e2` for a number. */
const limit = Joi.string()
  .pattern(/^[1-9]\d{0,2}$/, 'whole number')
  .custom((value: string, helpers) =>
    Number(value) <= 100 ? Number(value) : helpers.message({ custom: '{{#label}} must be from 1 to 100' }),
  )
  .default(25)
  .meta({ type: 'integer', minimum: 1, maximum: 100 });

/** The two query parameters of every list. */
export const pageQuery = { limit, cursor: Joi.string().max(500) };

export const idParam = <Name extends string>(name: Name) =>
  Joi.object<Record<Name, string>>().keys({ [name]: id().required() } as Joi.PartialSchemaMap<
    Record<Name, string>
  >);
