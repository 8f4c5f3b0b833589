/**
 * What people see and change of themselves by the REST auth API: their names, which take no permission. The directory knows one name of a user, the
 * one that others read; the API has a given and a family name. They are kept as attributes for as long as together they are that name.
 */

export { bindSelfService } from './self-service.rpc.ts';
