/** The least that HTTP can cost: answers every request with the same JSON. Tells its parent the port it serves on. */

import { createServer } from 'node:http';

const body = Buffer.from(JSON.stringify({ name: 'x'.repeat(1_000) }));
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') process.send?.(address.port);
});
process.once('disconnect', () => process.exit());
