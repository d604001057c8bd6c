/** One debug session of a test: whatever happens in it, no process is left behind. */
import { Client } from './dap.ts';

export async function debug(
  work: (client: Client) => Promise<void>,
  client = Client.inline(),
): Promise<void> {
  try {
    await work(client);
  } finally {
    await client.close();
  }
}
