/** gRPC servers and clients, the in-memory transport, and the interceptor chain. */

export { requireAccess } from './access.rule.ts';
export type { Call, CallerTokens, MethodInfo } from './call.ts';
export {
  type ClientInfo,
  type Context,
  noClient,
  type Principal,
  type ServiceName,
  type UserPrincipal,
  type UserType,
} from './caller.ts';
export { type ChangeSet, isVouched, MAX_VOUCHED, vouchOf } from './change-set.ts';
export type { Channel, ChannelOptions } from './channel.ts';
export {
  asService,
  type CallOptions,
  type Client,
  type ClientDeps,
  createClient,
  inChangeSet,
  type Origin,
  type OutgoingContext,
} from './client.ts';
export { type Contract, type ContractMethod, loadContract } from './contract.ts';
export { type GrpcChannelOptions, grpcChannel, loadGrpc } from './far.channel.ts';
export type { Extent, ObjectRights, Reach } from './object-rights.ts';
export type { Cookie, ReceivedHead, ResponseHead } from './response-head.ts';
export { rpcErrors } from './rpc.errors.ts';
export { createSealer, type Sealer, type SealerOptions } from './sealer.ts';
export { createRpcServer, DEFAULT_DEADLINE_MS, type RpcServer, type RpcServerDeps } from './server.ts';
export {
  type BoundService,
  bind,
  type Codec,
  guardedBy,
  type Implementation,
  type MessageOf,
  type MethodDefinition,
  type PartialMessage,
  type ServiceDefinition,
  type ServiceGuard,
} from './service.definition.ts';
export type { Reply } from './status.codec.ts';
export type { Tls } from './tls.ts';
export { type Handed, KEYS, MAX_MESSAGE_BYTES } from './wire.ts';
