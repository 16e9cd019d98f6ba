// test/support/kernel-client.ts
import { spawn } from "node:child_process";
import { randomBytes, randomUUID as randomUUID2 } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as join3 } from "node:path";
import { Dealer, Request, Subscriber } from "zeromq";

// kernel/install/spec.ts
import { join as join2 } from "node:path";

// kernel/package.ts
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
function packageRoot() {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`kernel: no package.json above ${import.meta.url}`);
    folder = parent;
  }
  return folder;
}
var versionIn = (path) => JSON.parse(readFileSync(path, "utf8")).version;
var packageVersion = () => versionIn(join(packageRoot(), "package.json"));

// kernel/install/spec.ts
function kernelSpec() {
  return {
    argv: [
      process.execPath,
      join2(packageRoot(), "dist", "kernel", "main.js"),
      "--connection",
      "{connection_file}"
    ],
    display_name: "TypeScript (Downhill)",
    language: "typescript",
    interrupt_mode: "message",
    env: {},
    metadata: { debugger: false, downhill: { version: packageVersion() } }
  };
}

// kernel/wire/connection.ts
function address(connection, channel) {
  const { transport, ip } = connection;
  const separator = transport === "tcp" ? ":" : "-";
  return `${transport}://${ip}${separator}${connection[`${channel}_port`]}`;
}

// kernel/wire/frames.ts
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
var WireError = class extends Error {
  name = "WireError";
};
var protocolVersion = "5.4";
var delimiter = Buffer.from("<IDS|MSG>");
function newHeader(type, session) {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: "kernel",
    date: (/* @__PURE__ */ new Date()).toISOString(),
    version: protocolVersion
  };
}
function sign(key, parts) {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}
function encode(message, key) {
  const { header, parent, metadata, content } = message;
  const parts = [header, parent, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
  return [...message.identities, ...seal([...parts, ...message.buffers], key)];
}
function seal(parts, key) {
  return [delimiter, Buffer.from(sign(key, parts.slice(0, 4))), ...parts];
}
function unseal(frames, key) {
  const at = frames.findIndex((frame) => delimiter.equals(frame));
  if (at < 0 || frames.length < at + 6)
    throw new WireError(
      `wire: a message has a delimiter and 5 frames after it, got ${frames.length} frames`
    );
  const [signature, ...parts] = frames.slice(at + 1);
  const expected = Buffer.from(sign(key, parts.slice(0, 4)));
  if (key !== "" && !(expected.length === signature.length && timingSafeEqual(expected, signature)))
    throw new WireError("wire: the signature is wrong: the sender has another key; message dropped");
  return { identities: frames.slice(0, at), parts };
}
function decode(frames, key) {
  const { identities, parts } = unseal(frames, key);
  const [header, parent, metadata, content] = parts.slice(0, 4).map(parseObject);
  if (typeof header?.msg_type !== "string" || typeof header.msg_id !== "string")
    throw new WireError('wire: the header needs "msg_id" and "msg_type"');
  return {
    identities,
    header,
    parent,
    metadata,
    content,
    buffers: parts.slice(4)
  };
}
function parseObject(bytes) {
  let value;
  try {
    value = JSON.parse(Buffer.from(bytes).toString());
  } catch (error) {
    throw new WireError(`wire: a frame is not JSON: ${error.message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new WireError(`wire: a frame must be a JSON object, got ${typeof value}`);
  return value;
}

// test/support/kernel-client.ts
var KernelClient = class _KernelClient {
  folder;
  process;
  connection;
  session = randomUUID2();
  /** Everything on iopub since the start. */
  iopub = [];
  /** What the kernel process itself printed; a good kernel prints nothing. */
  stderr = "";
  exit;
  onInput;
  #shell = new Dealer();
  #control = new Dealer();
  #stdin;
  #sub = new Subscriber();
  #heartbeat = new Request();
  #replies = [];
  #watchers = /* @__PURE__ */ new Set();
  constructor({ cwd, env, node: node2 } = {}) {
    this.folder = mkdtempSync(join3(tmpdir(), "downhill-kernel-"));
    this.connection = {
      transport: "ipc",
      ip: join3(this.folder, "k"),
      key: randomBytes(16).toString("hex"),
      signature_scheme: "hmac-sha256",
      shell_port: 1,
      iopub_port: 2,
      stdin_port: 3,
      control_port: 4,
      hb_port: 5
    };
    const file = join3(this.folder, "connection.json");
    writeFileSync(file, JSON.stringify(this.connection));
    const [command, ...args] = kernelSpec().argv.map(
      (arg) => arg.replace("{connection_file}", file)
    );
    this.process = spawn(node2 ?? command, args, {
      cwd: cwd ?? this.folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"]
    });
    this.process.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    this.exit = new Promise((resolve) => {
      this.process.on("exit", (code, signal) => resolve({ code, signal }));
    });
    this.#shell.routingId = this.session;
    this.#stdin = new Dealer({ routingId: this.session });
    const sockets = {
      shell: this.#shell,
      control: this.#control,
      stdin: this.#stdin,
      iopub: this.#sub,
      hb: this.#heartbeat
    };
    for (const [channel, socket] of Object.entries(sockets)) {
      socket.linger = 0;
      socket.reconnectInterval = 5;
      socket.connect(address(this.connection, channel));
    }
    this.#sub.subscribe();
    void this.#read(this.#sub, (message) => this.iopub.push(message));
    void this.#read(this.#shell, (message) => this.#replies.push(message));
    void this.#read(this.#control, (message) => this.#replies.push(message));
    void this.#read(this.#stdin, (message) => void this.#answer(message));
  }
  /** Starts a kernel and waits until it answers and we are subscribed. */
  static async start(options = {}) {
    const client = new _KernelClient(options);
    await Promise.all([
      client.request("kernel_info_request", {}),
      client.until(() => client.iopub.find((m) => m.header.msg_type === "iopub_welcome"))
    ]);
    return client;
  }
  async send(type, content, channel = "shell", metadata = {}) {
    const message = {
      identities: [],
      header: newHeader(type, this.session),
      parent: {},
      metadata,
      content,
      buffers: []
    };
    await this.raw(encode(message, this.connection.key), channel);
    return message.header.msg_id;
  }
  async raw(frames, channel = "shell") {
    await (channel === "shell" ? this.#shell : this.#control).send(frames);
  }
  async request(type, content, channel = "shell") {
    return this.reply(await this.send(type, content, channel));
  }
  async reply(id) {
    return this.until(() => this.#replies.find((message) => message.parent.msg_id === id));
  }
  async execute(code, options = {}) {
    return this.finished(await this.send("execute_request", { code, ...options }));
  }
  /** Waits for the reply and for idle. */
  async finished(id) {
    const reply = await this.reply(id);
    await this.until(() => this.published(id).find(isIdle));
    return { reply: reply.content, messages: this.published(id) };
  }
  published(id) {
    return this.iopub.filter(({ parent }) => parent.msg_id === id);
  }
  async heartbeat() {
    await this.#heartbeat.send("ping");
    return String((await this.#heartbeat.receive())[0]);
  }
  /** Waits until `probe` gives something; asked again after every message. */
  until(probe, milliseconds = 2e4) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = probe();
        if (found === void 0) return;
        this.#watchers.delete(look);
        clearTimeout(timer);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        const seen = this.iopub.slice(-20).map((m) => `${m.header.msg_type} ${JSON.stringify(m.content).slice(0, 200)}`);
        reject(
          new Error(
            `nothing after ${milliseconds} ms; last on iopub:
${seen.join("\n")}
${this.stderr}`
          )
        );
      }, milliseconds);
      this.#watchers.add(look);
      look();
    });
  }
  async close() {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      await this.send("shutdown_request", { restart: false }, "control");
      const killer = setTimeout(() => this.process.kill("SIGKILL"), 5e3);
      await this.exit;
      clearTimeout(killer);
    }
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#sub, this.#heartbeat])
      socket.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
  async #read(socket, sink) {
    for await (const frames of socket) {
      sink(decode(frames, this.connection.key));
      for (const look of [...this.#watchers]) look();
    }
  }
  async #answer(request) {
    const value = this.onInput?.(request) ?? "";
    const message = {
      identities: [],
      header: newHeader("input_reply", this.session),
      parent: request.header,
      metadata: {},
      content: { value },
      buffers: []
    };
    await this.#stdin.send(encode(message, this.connection.key));
  }
};
var isIdle = (message) => message.content.execution_state === "idle";

// ../../../tmp/lang-x/launch.ts
import { readFileSync as readFileSync2 } from "node:fs";
var node = process.env.KNODE;
var med = (a) => a.slice().sort((x, y) => x - y)[a.length >> 1].toFixed(0);
var min = (a) => Math.min(...a).toFixed(0);
for (const types of ["error", "off"]) {
  const info = [], first = [], warm = [], err = [];
  for (let i = 0; i < 7; i++) {
    const t = performance.now();
    const k = new KernelClient({ node, env: { DOWNHILL_TYPES: types } });
    await Promise.all([k.request("kernel_info_request", {}), k.until(() => k.iopub.find((m) => m.header.msg_type === "iopub_welcome"))]);
    info.push(performance.now() - t);
    await k.execute("const a: number = 1; a");
    first.push(performance.now() - t);
    await new Promise((r) => setTimeout(r, 300));
    for (let j = 0; j < 10; j++) {
      const u = performance.now();
      await k.execute(`const b${j} = a + ${j}; b${j}`);
      warm.push(performance.now() - u);
      await new Promise((r) => setTimeout(r, 50));
    }
    if (i === 0 && types === "error") {
      const kids = readFileSync2(`/proc/${k.process.pid}/task/${k.process.pid}/children`, "utf8").trim().split(" ");
      console.log("children", kids.map((p) => readFileSync2(`/proc/${p}/cmdline`, "utf8").replaceAll("\0", " ").slice(0, 90)));
      k.process.kill("SIGKILL");
      await k.exit;
      await new Promise((r) => setTimeout(r, 1500));
      console.log("left", kids.filter((p) => {
        try {
          return readFileSync2(`/proc/${p}/status`, "utf8").includes("State:	Z") ? false : true;
        } catch {
          return false;
        }
      }));
    }
    await k.close();
  }
  console.log(types, "info min/med", min(info), med(info), "first result", min(first), med(first), "warm", min(warm), med(warm));
}
process.exit(0);
