import type { directory } from '@postern/proto';
import { textAt } from '../attributes/index.ts';
import type { BrandRow } from './brand.entity.ts';

/** A brand, as messages carry it. */
export type BrandMessage = directory.Brand;

/** How pages look, as messages carry it. */
export type PageLooks = directory.PageLooks;

/** A brand in the contract's words. */
export function encodeBrand(row: BrandRow): directory.Brand {
  return {
    brand_uuid: row.pk,
    domain: row.domain,
    default: row.isDefault,
    branding_title: row.brandingTitle,
    branding_logo: row.brandingLogo,
    branding_favicon: row.brandingFavicon,
    flow_authentication: row.flowAuthentication ?? undefined,
    flow_invalidation: row.flowInvalidation ?? undefined,
    flow_recovery: row.flowRecovery ?? undefined,
    flow_unenrollment: row.flowUnenrollment ?? undefined,
    flow_user_settings: row.flowUserSettings ?? undefined,
    flow_device_code: row.flowDeviceCode ?? undefined,
    event_retention: row.eventRetention,
    web_certificate: row.webCertificate ?? undefined,
    attributes: row.attributes,
  };
}

/** How pages look before they know anything else. */
export function encodeLooks(row: BrandRow): directory.PageLooks {
  return {
    title: row.brandingTitle,
    logo: row.brandingLogo,
    favicon: row.brandingFavicon,
    theme: themeOf(row),
    locale: localeOf(row),
  };
}

/** What anyone may know about the brand of a host. `slugOf` knows the slugs of its flows. */
export function encodeCurrentBrand(
  row: BrandRow,
  footerLinks: readonly directory.FooterLink[],
  slugOf: (flow: string) => string | undefined,
): directory.CurrentBrand {
  const slug = (flow: string | null | undefined) => (flow ? slugOf(flow) : undefined);
  return {
    matched_domain: row.domain,
    branding_title: row.brandingTitle,
    branding_logo: row.brandingLogo,
    branding_favicon: row.brandingFavicon,
    ui_footer_links: [...footerLinks],
    ui_theme: themeOf(row),
    flow_authentication: slug(row.flowAuthentication),
    flow_invalidation: slug(row.flowInvalidation),
    flow_recovery: slug(row.flowRecovery),
    flow_unenrollment: slug(row.flowUnenrollment),
    flow_user_settings: slug(row.flowUserSettings),
    flow_device_code: slug(row.flowDeviceCode),
    default_locale: localeOf(row),
  };
}

/** What a brand is called in events and in lists of who uses what. */
export function titleOf({ isDefault, domain }: Pick<BrandRow, 'isDefault' | 'domain'>): string {
  return isDefault ? 'Default brand' : `Brand ${domain}`;
}

/** What other services keep about a brand: which hosts it serves, and how long events of those are kept. */
export function factsOf({
  domain,
  isDefault,
  eventRetention,
}: Pick<BrandRow, 'domain' | 'isDefault' | 'eventRetention'>) {
  return { domain, default: isDefault, event_retention: eventRetention };
}

/** Keys of the flows that a brand names. */
export function flowsOf(row: BrandRow): string[] {
  const { flowAuthentication, flowInvalidation, flowRecovery, flowUnenrollment, flowUserSettings, flowDeviceCode } =
    row;
  const named = [
    flowAuthentication,
    flowInvalidation,
    flowRecovery,
    flowUnenrollment,
    flowUserSettings,
    flowDeviceCode,
  ];
  return named.filter((flow) => flow !== null && flow !== undefined);
}

const THEMES = ['automatic', 'light', 'dark'];

function themeOf({ attributes }: BrandRow): string {
  const theme = textAt(attributes, 'settings', 'theme', 'base');
  return THEMES.includes(theme) ? theme : 'automatic';
}

function localeOf({ attributes }: BrandRow): string {
  return textAt(attributes, 'settings', 'locale');
}
