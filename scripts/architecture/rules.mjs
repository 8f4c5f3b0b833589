/** The rules of the house about who may import whom, as functions from a tree to what breaks them. */

const RANK = {
  entity: 0,
  errors: 0,
  vocabulary: 0,
  repository: 1,
  events: 1,
  client: 1,
  codec: 1,
  operations: 2,
  rpc: 3,
  consumer: 3,
  job: 3,
  index: 4,
  app: 5,
  main: 6,
};
/** Who handles codecs and service definitions. */
const SPEAKS_PROTO = new Set(['rpc', 'codec', 'events', 'facts', 'consumer', 'client', 'resource', 'app']);
/** Who does not even know what a message looks like. */
const KNOWS_NO_PROTO = new Set(['entity', 'repository']);
const SPEAKS_ORM = new Set(['repository', 'entity', 'app']);
const ORM_PACKAGES = new Set(['database', 'messaging', 'resource', 'service', 'testkit']);
const COMPOSES_APPS = new Set(['apps/standalone']);
/** Apps without resources of their own: their folders are steps of one pipeline, not features. */
const WITHOUT_FEATURES = new Set(['gateway', 'standalone', 'web']);

/** A rule that looks at one import at a time. */
const eachImport = (test) => (tree) =>
  tree.files.flatMap((file) => file.imports.flatMap((each) => complaint(file, test(file, each))));

/** A rule that looks at one file at a time. */
export const eachFile = (test) => (tree) => tree.files.flatMap((file) => complaint(file, test(file)));

const complaint = (file, message) => (message ? [`${file.path}: ${message}`] : []);

const hasFeatures = (file) => file.app !== undefined && !file.test && !WITHOUT_FEATURES.has(file.app);

/** `src/index.ts` of an app: it opens the app to those outside. */
const isFrontDoor = (file) => /^apps\/[^/]+\/src\/index\.ts$/.test(file.path);

/** The first folder below `src` of a file that is inside one. */
const featureOf = (path) => /^apps\/[^/]+\/src\/([^/]+)\//.exec(path)?.[1];

const workspaceOf = (specifier) => /^@postern\/([\w-]+)(\/.+)?$/.exec(specifier);

export const noDeepImports = eachImport((_file, { specifier }) => {
  if (workspaceOf(specifier)?.[2]) return `imports ${specifier}: only the index of a workspace is open`;
});

export const noEscape = eachImport((file, { specifier, target }) => {
  if (target !== undefined && !target.startsWith(`${file.workspace}/`))
    return `imports ${specifier}, which leaves its workspace`;
});

/** Apps ask each other by gRPC. Only the composition root and the tests know several. */
export function noAppImports(tree) {
  const apps = new Set(tree.files.filter((file) => file.app).map((file) => file.app));
  return eachImport((file, { specifier }) => {
    const name = workspaceOf(specifier)?.[1];
    if (!apps.has(name) || file.app === name || file.group === 'tests' || COMPOSES_APPS.has(file.workspace)) return;
    return file.group === 'packages' ? `is a package and imports the app ${name}` : `imports the app ${name}`;
  })(tree);
}

/** main -> app -> feature index -> rpc -> codec | operations -> repository -> entity; arrows never turn back. */
export const layers = eachImport((file, { specifier, target }) => {
  if (!hasFeatures(file) || target === undefined || isFrontDoor(file)) return;
  // The door of a folder is open to those outside it; from inside it is the way back up.
  if (target.endsWith('/index.ts') && !file.path.startsWith(target.slice(0, -'index.ts'.length))) return;
  const to = /\/([^/]+?)(?:\.(\w+))?\.tsx?$/.exec(target);
  const role = to?.[2] ?? to?.[1];
  const [own, other] = [RANK[file.role], RANK[role]];
  if (other === undefined) return;
  if (
    own === undefined
      ? other > RANK.operations && role !== 'index'
      : other > own || (other === own && role !== file.role)
  ) {
    return `a ${file.role ?? 'plain'} file imports ${specifier}: the arrow points the wrong way`;
  }
});

/** Features meet through index.ts. Tables may know each other: a relation needs both entities. */
export const featureDoors = eachImport((file, { specifier, target }) => {
  if (!hasFeatures(file) || !file.feature || target === undefined) return;
  const other = featureOf(target);
  if (other === undefined || other === file.feature) return;
  if (file.role === 'entity' && target.endsWith('.entity.ts')) return;
  if (!target.endsWith(`/src/${other}/index.ts`)) return `imports ${specifier}: features meet through index.ts`;
});

/**
 * The gateway transcodes every message and the standalone app composes; elsewhere codecs and definitions stop at the edge, and tables do
 * not know the messages at all. Operations, and steps of a protocol, may name the type of what they are given.
 */
export const protoAtTheEdge = eachImport((file, { specifier, typeOnly }) => {
  if (!hasFeatures(file) || specifier !== '@postern/proto' || SPEAKS_PROTO.has(file.role)) return;
  if (KNOWS_NO_PROTO.has(file.role)) return 'imports generated messages: tables do not know them';
  if (!typeOnly)
    return 'imports codecs of generated messages: they stop at rpc, codec, events, facts, consumer, client and resource';
});

export const ormInItsPlace = eachImport((file, { specifier }) => {
  if (!specifier.startsWith('@mikro-orm/') || file.test || file.migration) return;
  if (file.app ? SPEAKS_ORM.has(file.role) : ORM_PACKAGES.has(file.package)) return;
  return 'imports MikroORM: it stops at repository, entity, app and migrations';
});

export const fastifyInTheGateway = eachImport((file, { specifier }) => {
  if (/^(@fastify\/|fastify$|fastify-)/.test(specifier) && file.app !== 'gateway')
    return 'imports fastify: HTTP lives in the gateway';
});

/** What tests alone may use is left out of what is built. */
export const testsStayOutside = eachImport((file, { specifier, target }) => {
  if (!file.test && target !== undefined && /\.(?:test|fixture|builder)\.tsx?$|\/src\/testing\//.test(target))
    return `imports ${specifier}, which is not built: it belongs to tests`;
});

/** No module may need itself. Imports of types vanish and do not count. */
export function noCycles(tree) {
  const edges = new Map(
    tree.files.map(({ path, imports }) => [
      path,
      imports.filter((each) => !each.typeOnly && each.target).map((each) => each.target),
    ]),
  );
  const state = new Map();
  const cycles = [];
  const visit = (path, trail) => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      cycles.push(`${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}: an import cycle`);
      return;
    }
    state.set(path, 'open');
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of edges.keys()) visit(path, []);
  return cycles;
}
