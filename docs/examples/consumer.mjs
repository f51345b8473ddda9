// A consumer of enriched events in Node 20 or later:
//   npm install @nats-io/transport-node @nats-io/jetstream
//   node consumer.mjs [nats://127.0.0.1:4222] [filter]
import { connect } from "@nats-io/transport-node";
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";

const [servers = "nats://127.0.0.1:4222", filter = "articles.enriched.>"] = process.argv.slice(2);
const stream = "ENRICHED";
const name = "node-example";

const nc = await connect({ servers });
const manager = await jetstreamManager(nc);
// A durable consumer remembers where it was; adding it again changes nothing.
await manager.consumers.add(stream, {
  durable_name: name,
  filter_subject: filter,
  ack_policy: AckPolicy.Explicit,
  deliver_policy: DeliverPolicy.All,
});
const consumer = await jetstream(nc).consumers.get(stream, name);
const messages = await consumer.consume();
process.on("SIGINT", () => messages.stop());

for await (const m of messages) {
  const { id, revision, document, enrichment } = m.json();
  const quotes = (enrichment.quotes ?? []).map((q) => `“${q.text}” — ${q.speaker ?? "?"}`);
  console.log(`${enrichment.language.code}  ${document.headline}  (${id} r${revision})`);
  for (const quote of quotes) console.log(`    ${quote}`);
  m.ack();
}
await nc.drain();
