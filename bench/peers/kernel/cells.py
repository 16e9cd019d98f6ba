"""Code cells, per kernel dialect, shared by kbench.py and the conformance tests.

A dialect is a dict of cell sources. A key that is missing (or None) means "this kernel
has no way to say it"; tests skip it and the bench reports null.
To measure another kernel, add a dialect here and map its kernelspec in SPEC_DIALECT.
"""

TS_CLASS = '''interface Params { lr: number; beta1: number; beta2: number; eps: number }
class Adam%(n)d {
  private m: Float64Array;
  private v: Float64Array;
  private t = 0;
  constructor(private readonly p: Params, size: number) {
    this.m = new Float64Array(size);
    this.v = new Float64Array(size);
  }
  get steps(): number { return this.t; }
  step(x: Float64Array, g: Float64Array): Float64Array {
    const { lr, beta1, beta2, eps } = this.p;
    this.t += 1;
    const c1 = 1 - Math.pow(beta1, this.t);
    const c2 = 1 - Math.pow(beta2, this.t);
    for (let i = 0; i < x.length; i++) {
      this.m[i] = beta1 * this.m[i] + (1 - beta1) * g[i];
      this.v[i] = beta2 * this.v[i] + (1 - beta2) * g[i] * g[i];
      const mh = this.m[i] / c1;
      const vh = this.v[i] / c2;
      x[i] -= lr * mh / (Math.sqrt(vh) + eps);
    }
    return x;
  }
  reset(): void {
    this.t = 0;
    this.m.fill(0);
    this.v.fill(0);
  }
}
const opt%(n)d = new Adam%(n)d({ lr: 0.1, beta1: 0.9, beta2: 0.999, eps: 1e-8 }, 3);'''

JS_CLASS = '''class Adam%(n)d {
  constructor(p, size) {
    this.p = p;
    this.t = 0;
    this.m = new Float64Array(size);
    this.v = new Float64Array(size);
  }
  get steps() {
    return this.t;
  }
  step(x, g) {
    const { lr, beta1, beta2, eps } = this.p;
    this.t += 1;
    const c1 = 1 - Math.pow(beta1, this.t);
    const c2 = 1 - Math.pow(beta2, this.t);
    for (let i = 0; i < x.length; i++) {
      this.m[i] = beta1 * this.m[i] + (1 - beta1) * g[i];
      this.v[i] = beta2 * this.v[i] + (1 - beta2) * g[i] * g[i];
      const mh = this.m[i] / c1;
      const vh = this.v[i] / c2;
      x[i] -= lr * mh / (Math.sqrt(vh) + eps);
    }
    return x;
  }
  reset() {
    this.t = 0;
    this.m.fill(0);
    this.v.fill(0);
  }
}
var opt%(n)d = new Adam%(n)d({ lr: 0.1, beta1: 0.9, beta2: 0.999, eps: 1e-8 }, 3);'''

PY_CLASS = '''from dataclasses import dataclass
import math
@dataclass
class Params:
    lr: float
    beta1: float
    beta2: float
    eps: float
class Adam%(n)d:
    def __init__(self, p: Params, size: int) -> None:
        self.p = p
        self.t = 0
        self.m = [0.0] * size
        self.v = [0.0] * size
    @property
    def steps(self) -> int:
        return self.t
    def step(self, x: list, g: list) -> list:
        p = self.p
        self.t += 1
        c1 = 1 - p.beta1 ** self.t
        c2 = 1 - p.beta2 ** self.t
        for i in range(len(x)):
            self.m[i] = p.beta1 * self.m[i] + (1 - p.beta1) * g[i]
            self.v[i] = p.beta2 * self.v[i] + (1 - p.beta2) * g[i] * g[i]
            mh = self.m[i] / c1
            vh = self.v[i] / c2
            x[i] -= p.lr * mh / (math.sqrt(vh) + p.eps)
        return x
    def reset(self) -> None:
        self.t = 0
opt%(n)d = Adam%(n)d(Params(0.1, 0.9, 0.999, 1e-8), 3)'''

# ---- what every JavaScript/TypeScript kernel shares -------------------------------------
_JS = dict(
    trivial="1+1",
    trivial_n="1+%(n)d",
    klass=TS_CLASS,
    small_decl="const v%(n)d = [%(n)d, %(n)d + 1];",
    lines='for (let i = 0; i < %(n)d; i++) console.log("line " + i);',
    hello="console.log('hello, world')",
    stderr="console.error('test')",
    error="throw new Error('boom')",
    set_x="let keep = 41;",
    get_x="console.log(keep + 1)",
    loop="while (true) {}",
    sleep_async="await new Promise(r => setTimeout(r, 30000));",
    busy="{ const t0 = Date.now(); while (Date.now() - t0 < %(ms)d) {} }",
    member_setup="class Box { /** The content of the box. */ content = 1; method(a: number): string { return '' + a; } }\nconst box = new Box();",
    member_text="box.me",
    member_full="box.method",
    inspect_member="box.method",
    inspect_doc="box.content",
    inspect_doc_want="The content of the box",
    await_="await Promise.resolve(6 * 7)",
    await_want="42",
    redeclare=["const redec = 1;", "const redec = 'two';", "console.log(redec)"],
    redeclare_want="two",
    type_error="const bad: number = 'not a number';",
    ts_cells=["interface P { a: number } enum Color { Red = 3, Green }", "const p: P = { a: Color.Green }; function id<T>(x: T): T { return x; }", "console.log(id<number>(p.a))"],
    ts_cells_want="4",
    # the error is thrown on line 4 of the cell; the type-only lines above it are erased by the compiler
    line_err="interface Q {\n  a: number;\n}\nfunction thrower(q: Q): never { throw new TypeError('in thrower ' + q.a) }\n\nthrower({ a: 1 })",
    line_err_lines=(4, 6),
    import_builtin=["import * as path from 'node:path';", "console.log(path.join('a', 'b'))"],
    import_builtin_want="a/b",
    late_output="setTimeout(() => console.log('late'), 300); 0",
    reject="Promise.reject(new Error('unhandled')); 0",
    uncaught_later="setTimeout(() => { throw new Error('later') }, 50); 0",
    unicode_complete="const s = '\U0001F600\U0001F600'; parseFl",
    unicode_complete_want="parseFloat",
    user_expr="6*7",
    magic="%time 1+1",
    obj_text="({ a: 1, b: [1, 2, 3] })",
)

DIALECTS = {}
DIALECTS["python"] = dict(
    trivial="1+1", trivial_n="1+%(n)d", klass=PY_CLASS, small_decl="v%(n)d = [%(n)d, %(n)d + 1]",
    lines="for i in range(%(n)d): print('line', i)",
    hello="print('hello, world')", stderr="import sys; print('test', file=sys.stderr)", error="raise ValueError('boom')",
    set_x="keep = 41", get_x="print(keep + 1)", loop="while True: pass",
    sleep_async="import asyncio; await asyncio.sleep(30)",
    busy="import time\nt0 = time.time()\nwhile time.time() - t0 < %(ms)d / 1000: pass",
    big="from IPython.display import display\ndisplay({'text/plain': 'x' * 5000000}, raw=True)",
    member_setup="class Box:\n    'A box.'\n    content = 1\n    def method(self, a: int) -> str:\n        '''The method docs.'''\n        return str(a)\nbox = Box()",
    member_text="box.me", member_full="box.method", inspect_member="box.method", inspect_doc="box.method", inspect_doc_want="The method docs",
    await_="import asyncio\nawait asyncio.sleep(0, 42)", await_want="42",
    redeclare=["redec = 1", "redec = 'two'", "print(redec)"], redeclare_want="two",
    line_err="class Q:\n    a = 1\n\ndef thrower(q): raise TypeError('in thrower')\n\nthrower(Q())", line_err_lines=(4, 6),
    import_builtin=["import os.path as path", "print(path.join('a', 'b'))"], import_builtin_want="a/b",
    late_output="import threading\nthreading.Timer(0.3, lambda: print('late')).start()",
    unicode_complete="s = '\U0001F600\U0001F600'; zi", unicode_complete_want="zip",
    user_expr="6*7", magic="%time 1+1", obj_text="{'a': 1, 'b': [1, 2, 3]}",
    stdin="name = input('who? ')\nprint('got ' + name)",
    update_display="from IPython.display import display, HTML\nh = display(HTML('<b>1</b>'), display_id='d1')\nh.update(HTML('<b>2</b>'))",
    clear="from IPython.display import clear_output; clear_output()",
    rich_result="class R:\n    def _repr_html_(self): return '<b>x</b>'\nR()", rich_mime="text/html",
    comm_target="def f(comm, msg):\n    comm.send({'pong': 1})\nget_ipython().kernel.comm_manager.register_target('t1', f)",
    page="zip?",
)
DIALECTS["tslab"] = dict(
    _JS,
    big='import { display } from "tslab";\ndisplay.text("x".repeat(5000000));',
    update_display='import { newDisplay } from "tslab";\nconst dd = newDisplay(); dd.html("<b>1</b>"); dd.html("<b>2</b>");',
    display_html='import { display } from "tslab";\ndisplay.html("<b>test</b>");',
    rich_result=None, clear=None, stdin=None, page=None, comm_target=None,
)
DIALECTS["deno"] = dict(
    _JS,
    big='await Deno.jupyter.display({ "text/plain": "x".repeat(5000000) }, { raw: true });',
    update_display='await Deno.jupyter.display({ "text/html": "<b>1</b>" }, { raw: true, display_id: "d1" });\nawait Deno.jupyter.display({ "text/html": "<b>2</b>" }, { raw: true, display_id: "d1", update: true });',
    display_html='await Deno.jupyter.display(Deno.jupyter.html`<b>test</b>`)',
    rich_result='({ [Symbol.for("Jupyter.display")]() { return { "text/html": "<b>x</b>" }; } })', rich_mime="text/html",
    clear='await Deno.jupyter.broadcast("clear_output", { wait: false })',
    stdin='const who = prompt("who? "); console.log("got " + who)',
    page=None, comm_target=None,
)
DIALECTS["ijavascript"] = dict(
    _JS, klass=JS_CLASS,
    small_decl="var v%(n)d = [%(n)d, %(n)d + 1];", set_x="var keep = 41;",
    sleep_async="$$.async(); setTimeout(() => $$.done(), 30000);",
    await_="$$.async(); Promise.resolve(42).then(x => $$.done(x));",
    member_setup="class Box { constructor() { this.content = 1 } method(a) { return '' + a } }\nvar box = new Box();", inspect_doc=None,
    type_error=None, ts_cells=None,
    line_err="\n\n\nfunction thrower(q) { throw new TypeError('in thrower ' + q.a) }\n\nthrower({ a: 1 })",
    import_builtin=["var path = require('node:path');", "console.log(path.join('a', 'b'))"],
    big='$$.display("big").text("x".repeat(5000000));',
    update_display='var dd = $$.display("d1"); dd.html("<b>1</b>"); dd.html("<b>2</b>");',
    display_html='$$.display("d0").html("<b>test</b>");',
    rich_result='({ _toHtml() { return "<b>x</b>" } })', rich_mime="text/html",
    clear="$$.clear()",
    stdin='$$.input({ prompt: "who? " }, (err, reply) => { console.log("got " + reply); $$.done() })',
    page=None, comm_target=None,
)

DIALECTS["downhill"] = dict(
    _JS,
    big='display({ "text/plain": "x".repeat(5000000) }, { raw: true });',
    update_display='const shown = display({ "text/html": "<b>1</b>" }, { raw: true, id: "d1" });\nshown.update({ "text/html": "<b>2</b>" });',
    display_html='display.html("<b>test</b>");',
    rich_result='({ [Symbol.for("Jupyter.display")]() { return { "text/html": "<b>x</b>" }; } })', rich_mime="text/html",
    clear='clearOutput({ wait: false })',
    stdin='const who = input("who? "); console.log("got " + who)',
    comm_target='comms.registerTarget("t1", (comm) => { comm.send({ pong: 1 }); });',
    page="parseInt?",
)

SPEC_DIALECT = {"downhill": "downhill", "downhill-unchecked": "downhill", "python3": "python", "tslab": "tslab", "jslab": "tslab", "deno": "deno", "deno-msg": "deno", "ijavascript": "ijavascript"}


def dialect(spec: str) -> dict:
    return DIALECTS[SPEC_DIALECT.get(spec, spec)]
