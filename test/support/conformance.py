"""The stock jupyter_kernel_test against our kernel. Prints one JSON object: {test: "passed" | "failed: …" | "skipped: …"}.

    python conformance.py [kernel name]
"""

import json
import sys
import unittest

import jupyter_kernel_test as stock

KERNEL = sys.argv[1] if len(sys.argv) > 1 else "downhill"


class Kernel(stock.KernelTests):
    kernel_name = KERNEL
    language_name = "typescript"
    file_extension = ".ts"

    @classmethod
    def setUpClass(cls):
        """The stock suite waits 0.1 s for a message, too short on a loaded machine."""
        super().setUpClass()
        channel = cls.kc.iopub_channel
        get = channel.get_msg
        channel.get_msg = lambda timeout=None: get(timeout=stock.TIMEOUT)

    def flush_channels(self):
        """The stock one takes what comes within 0.1 s; this one, all that comes before the end of a question of its own."""
        asked = self.kc.kernel_info()
        for channel, last in ((self.kc.shell_channel, "kernel_info_reply"), (self.kc.iopub_channel, "status")):
            while True:
                message = channel.get_msg(timeout=stock.TIMEOUT)
                stock.validate_message(message)
                own = message["parent_header"].get("msg_id") == asked and message["msg_type"] == last
                if own and message["content"].get("execution_state") != "busy":
                    break

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"
    completion_samples = [
        {"text": "parseFl", "matches": ["parseFloat"]},
        {"text": "const digits = [1, 2]; digits.flatM", "matches": ["flatMap"]},
    ]
    complete_code_samples = [
        "1",
        "const lr: number = 0.1",
        "for (const t of [1, 2]) { console.log(t) }",
        "interface Options { lr: number }",
        "await Promise.resolve(1)",
    ]
    incomplete_code_samples = [
        "function step(x: number) {",
        "const text = `one",
        "const rates = [0.1,",
        "if (true) {",
        "/* a comment",
    ]
    invalid_code_samples = ["const = 3", "let x = )", "function 3() {}"]
    code_page_something = "parseInt?"
    code_generate_error = "throw new Error('boom')"
    code_execute_result = [
        {"code": "6*7", "result": "42"},
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "const m: number = 0.9; m", "result": "0.9"},
    ]
    code_display_data = [
        {"code": "display.html('<b>bold</b>')", "mime": "text/html"},
        {"code": "display.latex('x^2')", "mime": "text/latex"},
        {"code": "display({ 'text/markdown': '*x*' }, { raw: true })", "mime": "text/markdown"},
    ]
    code_history_pattern = "6?7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseInt"
    code_clear_output = "clearOutput({ wait: false })"


class Welcome(stock.IopubWelcomeTests):
    kernel_name = KERNEL
    support_iopub_welcome = True


class Outcomes(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.seen = {}

    def put(self, test, outcome, error=None):
        name = test.id().split(".")[-1]
        if error:
            text = str(error[1]).strip()
            outcome += f": {error[0].__name__}: {text}" if text else f": {error[0].__name__}"
        if outcome != "passed" or name not in self.seen:
            self.seen[name] = outcome

    def addSuccess(self, test):
        self.put(test, "passed")

    def addFailure(self, test, err):
        self.put(test, "failed", err)

    addError = addFailure

    def addSkip(self, test, reason):
        self.put(getattr(test, "test_case", test), f"skipped: {reason}")

    def addSubTest(self, test, subtest, err):
        if err:
            self.put(test, "failed", err)


def run(case):
    result = Outcomes()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    return result.seen


print(json.dumps({name: outcome for case in (Kernel, Welcome) for name, outcome in run(case).items()}))
