// Drives @segment/analytics-node: argv is the server's address, the write key and a name.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey, who] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host, flushInterval: 200 });
const failures = [];
analytics.on("error", (error) => failures.push(error));

const anonymousId = `${who}-browser`;
analytics.page({ anonymousId, name: "Home", properties: { path: "/" } });
analytics.track({ anonymousId, event: "Product Viewed", properties: { price: 128 } });
analytics.identify({ userId: who, anonymousId, traits: { level: "金卡", points: 120 } });
analytics.track({
  userId: who,
  event: "Order Completed",
  properties: { order_id: `${who}-1`, total: 268, currency: "CNY" },
});
analytics.group({ userId: who, groupId: "club", traits: { name: "茶友会" } });
analytics.alias({ userId: who, previousId: `${who}-old` });
analytics.screen({ userId: who, name: "Cart" });
await analytics.closeAndFlush({ timeout: 10_000 });
if (failures.length > 0) {
  console.error(failures);
  process.exit(1);
}
