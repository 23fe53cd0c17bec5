/** An id as Postgres prints it: in any other spelling one row would have several workflows. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
