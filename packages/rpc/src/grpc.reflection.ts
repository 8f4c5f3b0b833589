import type {
  handleBidiStreamingCall,
  Server,
  ServerDuplexStream,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, type PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';

type Bidirectional = handleBidiStreamingCall<unknown, unknown>;

/**
 * Adds the reflection services, v1 and v1alpha. Indexing the descriptors takes a tenth of a second, which no start should pay for a tool
 * that hardly ever asks: it is done at the first question.
 */
export function addReflection(server: Server, services: readonly string[], descriptors: () => Uint8Array): void {
  let indexed: ReturnType<typeof versionsOf> | undefined;
  const loaded = () => {
    indexed ??= versionsOf(loadFileDescriptorSetFromBuffer(Buffer.from(descriptors())), services);
    return indexed;
  };
  for (const [index, { definition, implementation }] of versionsOf({}, []).entries()) {
    const lazy = Object.keys(implementation).map((name) => {
      const answer = (call: ServerDuplexStream<unknown, unknown>) => {
        const real = loaded()[index]?.implementation[name];
        if (real !== undefined) (real as Bidirectional)(call);
      };
      return [name, answer] as const;
    });
    server.addService(definition, Object.fromEntries(lazy));
  }
}

function versionsOf(described: PackageDefinition, services: readonly string[]) {
  const versions: { definition: ServiceDefinition; implementation: UntypedServiceImplementation }[] = [];
  const addService: Server['addService'] = (definition, implementation) => {
    versions.push({ definition, implementation });
  };
  new ReflectionService(described, { services: [...services] }).addToServer({ addService });
  return versions;
}
