import { createContext, useContext } from 'react';
import type { ApiClient } from '../api/api.client.ts';
import type { Me, Person } from '../portal/portal.client.ts';
import type { ApiDocument } from './schema/document.ts';

/** What every page of the administration has at hand. */
export type Admin = {
  readonly api: ApiClient;
  readonly document: ApiDocument;
  readonly me: Me;
  readonly person: Person;
};

export const AdminContext = createContext<Admin | undefined>(undefined);

/** Throws outside of the administration. */
export function useAdmin(): Admin {
  const admin = useContext(AdminContext);
  if (!admin) throw new Error('not within the administration');
  return admin;
}
