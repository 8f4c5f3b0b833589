/** Where the request of whoever approves came from, for events. */
export type SeenFrom = {
  readonly address: string;
  readonly user_agent: string;
  readonly host: string;
  readonly path: string;
};

/** Who was shown what the device asks for: nobody else may approve it. */
export type Shown = { readonly session: string; readonly user: number; readonly from: SeenFrom };

/** What somebody gave the device. */
export type Approval = {
  readonly user: number;
  /** Session that it ends with: only what somebody gives as somebody else hangs on one. */
  readonly session?: string;
  /** When and how they signed in; RFC 3339. */
  readonly authTime: string;
  readonly amr: readonly string[];
};

/** A device authorization: RFC 8628, section 3. */
export type Device = {
  readonly pk: string;
  readonly provider: number;
  readonly scopes: readonly string[];
  readonly expires: Date;
  readonly shown?: Shown;
  readonly approval?: Approval;
  readonly isDenied: boolean;
  /** Tokens were issued for it. */
  readonly isUsed: boolean;
};
