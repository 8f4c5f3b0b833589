import type { Call } from '@postern/rpc';

/** How often somebody may try, counted by the login service for all replicas. */
export type DeviceAttempts = {
  /** False when it was tried too often: it must not be looked at. */
  reserve(kind: 'user_code' | 'device_request', user: number | undefined, call: Call): Promise<boolean>;
};

/** What the brand of a host says. */
export type DeviceBrands = {
  /** Slug of the flow for codes of devices; undefined when the brand names none. */
  deviceFlow(call: Call): Promise<string | undefined>;
};
