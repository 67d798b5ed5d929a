/** What a program writes to send its first event here. */

import type { Name } from "./names";

/** What stands for a key that is not known here. */
export const BLANK = "WRITE_KEY";

/** Run where anyone can read the key. */
export const OPEN: readonly Name[] = ["script", "segment_web", "sensors_web", "miniprogram"];

export interface Place {
  /** Of this server: `https://heat.example.com`. */
  address: string;
  key: string;
  /** Project name of the Sensors libraries, else the name of the source. */
  project: string;
}

/** The address that the Sensors libraries send to. */
export function receiver({ address, key, project }: Place): string {
  return `${address}/sa?project=${encodeURIComponent(project)}&token=${encodeURIComponent(key)}`;
}

const WRITERS: Record<Name, (place: Place) => string> = {
  script: ({ address, key }) => `<script>window.hotspring = window.hotspring || [];</script>
<script async src="${address}/hs.js" data-key="${key}"></script>
<!-- Visits are counted, and nobody is known. Once the person agreed, and once they signed in:
hotspring.push(["consent", true]);
hotspring.push(["identify", "user-42", { level: "gold" }]);
-->`,

  curl: ({ address, key }) => `curl -u ${key}: -H "Content-Type: application/json" \\
  ${address}/v1/batch -d '{"batch": [
    {"type": "track", "messageId": "first-1", "userId": "user-42",
     "event": "Product Viewed", "properties": {"product_id": "TEA-03", "price": 128}}]}'`,

  segment_web: ({ address, key }) => `// npm install @segment/analytics-next
import { AnalyticsBrowser } from "@segment/analytics-next";

const analytics = AnalyticsBrowser.load({
  writeKey: "${key}",
  cdnURL: "${address}",
});
analytics.page();
analytics.track("Product Viewed", { product_id: "TEA-03", price: 128 });
analytics.identify("user-42", { level: "gold" });`,

  segment_node: ({ address, key }) => `// npm install @segment/analytics-node
import { Analytics } from "@segment/analytics-node";

const analytics = new Analytics({
  writeKey: "${key}",
  host: "${address}",
});
analytics.track({
  userId: "user-42",
  event: "Product Viewed",
  properties: { product_id: "TEA-03", price: 128 },
});
await analytics.closeAndFlush();`,

  segment_python: ({ address, key }) => `# pip install segment-analytics-python
import segment.analytics as analytics

analytics.host = "${address}"
analytics.write_key = "${key}"
analytics.track("user-42", "Product Viewed", {"product_id": "TEA-03", "price": 128})
analytics.flush()`,

  sensors_web: (place) => `// npm install sa-sdk-javascript
import sensors from "sa-sdk-javascript";

sensors.init({
  server_url: "${receiver(place)}",
});
sensors.quick("autoTrack");
sensors.track("ViewProduct", { product_id: "TEA-03", price: 128 });
sensors.login("user-42");`,

  sensors_node: (place) => `// npm install sa-sdk-node
const Sensors = require("sa-sdk-node");

const sensors = new Sensors();
sensors.submitTo("${receiver(place)}", { gzip: true, mode: "track", timeout: 10_000 });
sensors.track("cookie-7", "ViewProduct", { product_id: "TEA-03", price: 128 });
sensors.trackSignup("user-42", "cookie-7", {});`,

  sensors_python: (place) => `# pip install SensorsAnalyticsSDK
import sensorsanalytics

consumer = sensorsanalytics.DefaultConsumer("${receiver(place)}")
sensors = sensorsanalytics.SensorsAnalytics(consumer)
sensors.track("user-42", "ViewProduct", {"product_id": "TEA-03", "price": 128}, is_login_id=True)
sensors.close()`,

  miniprogram: (place) => `// app.js, npm install sa-sdk-miniprogram
const sensors = require("sa-sdk-miniprogram");

sensors.setPara({
  server_url: "${receiver(place)}",
  autoTrack: { appLaunch: true, appShow: true, appHide: true, pageShow: true, pageShare: true },
});
sensors.init();
sensors.track("ViewProduct", { product_id: "TEA-03", price: 128 });
sensors.login("user-42");`,
};

/** The text to put into a program. */
export function snippet(name: Name, place: Place): string {
  return WRITERS[name](place);
}
