// Prints every object of one kind as a line of JSON: npm run export -- invoices
import { stripe } from '@/lib/stripe';

const resource = process.argv[2];

// Which resource this reads is decided on the command line: no reader of this code can tell what
// the key must allow, so the manifest of this service says that it is incomplete.
for await (const object of stripe[resource].list({ limit: 100 })) {
  console.log(JSON.stringify(object));
}
