import { session } from "../api/client";
import { Problem } from "../api/problem";
import type { components } from "../api/schema";

export type Staged = components["schemas"]["StagedFile"];

/** Sends a file and tells how far it is; `fetch` cannot tell. Throws a `Problem`. */
export function upload(file: File, told: (percent: number) => void): Promise<Staged> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/imports/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-CSRF-Token", session.csrf);
    request.upload.onprogress = (event) => told(Math.round((100 * event.loaded) / event.total));
    request.onerror = () => reject(new Problem(0, ""));
    request.onload = () => {
      const body = read(request.responseText);
      if (request.status === 201) resolve(body as Staged);
      else reject(new Problem(request.status, (body as { detail?: string }).detail ?? ""));
    };
    request.send(file);
  });
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
