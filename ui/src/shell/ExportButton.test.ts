import { expect, test } from "vitest";
import { csv } from "./ExportButton";

function bytesOf(blob: Blob): Promise<Uint8Array> {
  const reader = new FileReader();
  const read = new Promise<Uint8Array>((done) => {
    reader.onload = () => done(new Uint8Array(reader.result as ArrayBuffer));
  });
  reader.readAsArrayBuffer(blob);
  return read;
}

test("a file of rows is read by spreadsheets and runs nothing", async () => {
  const rows = [
    ["=1+1", -2],
    ['say "so"', null],
  ];
  const bytes = await bytesOf(csv(["a", "b"], rows));
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const text = new TextDecoder().decode(bytes);
  expect(text).toBe('a,b\r\n\'=1+1,-2\r\n"say ""so""",\r\n');
});
