// Drives sa-sdk-node: argv is the receiving address and a name.
const Sensors = require("sa-sdk-node");

const [address, who] = process.argv.slice(2);
const sa = new Sensors();
sa.submitTo(address, { gzip: true, mode: "track", timeout: 10_000 });
sa.track(`${who}-cookie`, "ViewProduct", { price: 128 });
sa.trackSignup(who, `${who}-cookie`, { entry: "menu" });
sa.profileSet(who, { level: "金卡" });
sa.profileAppend(who, { likes: ["绿茶"] });
