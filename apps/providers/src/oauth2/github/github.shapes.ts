import type { directory } from '@postern/proto';

/** A JSON object of GitHub's API. Clients expect every field; what the platform does not know of is empty, zero or false. */
export type GitHubObject = Readonly<Record<string, unknown>>;

const texts = (...names: string[]) => Object.fromEntries(names.map((name) => [name, '']));
const counts = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 0]));

/** The addresses that people and organizations have in common. */
const ADDRESSES = ['node_id', 'avatar_url', 'url', 'repos_url', 'events_url', 'company', 'blog', 'location'];
const COUNTS = ['public_repos', 'public_gists', 'followers', 'following'];

/** Somebody. */
export function gitHubUser({ pk, username, name, email }: directory.User, joined: string): GitHubObject {
  return {
    login: username,
    id: pk,
    ...texts(...ADDRESSES, 'gravatar_id', 'html_url', 'followers_url', 'following_url', 'gists_url', 'starred_url'),
    ...texts('subscriptions_url', 'organizations_url', 'received_events_url', 'bio', 'twitter_username'),
    type: 'User',
    site_admin: false,
    name,
    email,
    hireable: false,
    ...counts(...COUNTS),
    created_at: joined,
    updated_at: joined,
    ...counts('private_gists', 'total_private_repos', 'owned_private_repos', 'disk_usage', 'collaborators'),
    two_factor_authentication: true,
    plan: { name: 'None', space: 0, private_repos: 0, collaborators: 0 },
  };
}

/** Their addresses: clients take those that are verified, which the claim `email_verified` says of every address, too. */
export function gitHubEmails({ email }: directory.User): GitHubObject[] {
  return email === '' ? [] : [{ email, primary: true, verified: true, visibility: null }];
}

/** Their groups: those that they belong to themselves. */
export function gitHubTeams({ groups_obj }: directory.User, brand: string): GitHubObject[] {
  const organization = organizationOf(brand);
  return groups_obj.map(({ pk, name }) => ({
    id: numberOf(pk),
    ...texts('node_id', 'url', 'html_url'),
    name,
    slug: slugOf(name),
    ...texts('description', 'privacy', 'permission', 'members_url', 'repositories_url'),
    parent: null,
    ...counts('members_count', 'repos_count'),
    ...texts('created_at', 'updated_at'),
    organization,
  }));
}

function organizationOf(brand: string): GitHubObject {
  return {
    login: slugOf(brand),
    id: 1,
    ...texts(...ADDRESSES, 'hooks_url', 'issues_url', 'members_url', 'public_members_url', 'description', 'email'),
    name: brand,
    is_verified: true,
    has_organization_projects: true,
    has_repository_projects: true,
    ...counts(...COUNTS),
    ...texts('html_url', 'created_at', 'updated_at'),
    type: 'Organization',
  };
}

/** The number that groups have where a system wants one: the first five digits of the key, read as a number. */
export function numberOf(uuid: string): number {
  return Number(
    BigInt(`0x${uuid.replaceAll('-', '')}`)
      .toString()
      .slice(0, 5),
  );
}

/** A name as an address: letters without accents, digits, hyphens and underscores. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/[^\w\s-]/g, '')
    .trim()
    .toLowerCase()
    .replaceAll(/[-\s]+/g, '-')
    .replaceAll(/^[-_]+|[-_]+$/g, '');
}
