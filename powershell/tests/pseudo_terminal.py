"""A pwsh behind a pseudo-terminal, and the screen that a person sees.

The screen is read by an emulator of our own, which knows what pwsh and PSReadLine send: pyte, the kept one for Python, has the LGPL, which
the tools of this project's tests may not have, and xterm.js (MIT) needs Node, whose pseudo-terminals are a package to be compiled."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

LIMIT_SECONDS = 120
SEQUENCE = re.compile(rb"\x1b(?:\[([?>=]?)([0-9;]*)([@-~])|\][^\x07]*(?:\x07|\x1b\\)|[=>78])")
BLANK = (" ", "")


class Screen:
    """As much of a terminal as pwsh and PSReadLine use. A cell has its character, and the numbers of its colours, such as 31;1."""

    def __init__(self, width, height):
        self.width, self.height, self.row, self.column = width, height, 0, 0
        self.lines = [[BLANK] * width for _ in range(height)]
        self.colours = ""
        self.gone = []  # The lines that have left at the top.
        self.rest = b""
        self.answers = b""

    def feed(self, data):
        data = self.rest + data
        at = 0
        while at < len(data):
            if data[at] == 0x1B:
                found = SEQUENCE.match(data, at)
                if not found and len(data) - at < 64:
                    break
                if found and found[3] and not found[1]:
                    self.control(found[3].decode(), [int(number or 0) for number in found[2].decode().split(";")])
                at = found.end() if found else at + 1
                continue
            length = 1 if data[at] < 0x80 else 2 if data[at] < 0xE0 else 3 if data[at] < 0xF0 else 4
            if at + length > len(data):
                break
            self.put(data[at : at + length].decode(errors="replace"))
            at += length
        self.rest = data[at:]

    def put(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.next_line()
        elif character == "\b":
            self.column = max(0, self.column - 1)
        elif character >= " ":
            if self.column == self.width:
                self.column = 0
                self.next_line()
            self.lines[self.row][self.column] = (character, self.colours)
            self.column += 1

    def next_line(self):
        if self.row + 1 < self.height:
            self.row += 1
        else:
            self.gone.append(self.lines.pop(0))
            self.lines.append([BLANK] * self.width)

    def control(self, name, numbers):
        first = max(numbers[0], 1)
        if name == "H":
            self.row = min(first, self.height) - 1
            self.column = min(max((numbers + [1])[1], 1), self.width) - 1
        elif name in "AB":
            self.row = min(max(self.row + (first if name == "B" else -first), 0), self.height - 1)
        elif name in "CD":
            self.column = min(max(self.column + (first if name == "C" else -first), 0), self.width - 1)
        elif name == "G":
            self.column = min(first, self.width) - 1
        elif name == "K":
            span = {0: range(self.column, self.width), 1: range(self.column + 1), 2: range(self.width)}[numbers[0]]
            for column in span:
                self.lines[self.row][column] = BLANK
        elif name == "J":
            if numbers[0] == 0:
                self.control("K", [0])
            for row in range(self.row + 1 if numbers[0] == 0 else 0, self.height):
                self.lines[row] = [BLANK] * self.width
        elif name == "m":
            self.colours = "" if numbers == [0] else ";".join(map(str, numbers))
        elif name == "n" and numbers[0] == 6:
            self.answers += b"\x1b[%d;%dR" % (self.row + 1, min(self.column, self.width - 1) + 1)

    def text(self):
        """All lines, those that have left included."""
        return ["".join(character for character, _ in line).rstrip() for line in [*self.gone, *self.lines]]

    def colours_of(self, text):
        """The colours of the last line that has this text, where it stands."""
        for line in reversed([*self.gone, *self.lines]):
            at = "".join(character for character, _ in line).rfind(text)
            if at >= 0:
                return {colours for _, colours in line[at : at + len(text)]}
        raise AssertionError(f"it is not on the screen: {text}")


class Terminal:
    """A pwsh in a terminal of this width, with the module imported, and after a script."""

    def __init__(self, width, module, script, height=34, is_coloured=False):
        self.screen = Screen(width, height)
        start = (
            "function prompt { 'PS> ' }; Set-PSReadLineOption -PredictionSource None -HistorySaveStyle SaveNothing; "
            f"Set-PSReadLineKeyHandler Ctrl+t MenuComplete; Import-Module '{module}'; {script}; 'it is ' + 'ready'"
        )
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
            os.environ.update(TERM="xterm-256color")
            os.environ.pop("NO_COLOR", None)
            if not is_coloured:
                os.environ.update(NO_COLOR="1")
            # A program in the background of a script is begun with SIGINT ignored, and pwsh would keep that.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.execvp("pwsh", ["pwsh", "-NoProfile", "-NoLogo", "-NoExit", "-Command", start])
        self.wait(lambda lines: "it is ready" in lines and self.is_prompt(lines))

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.file)

    def type(self, keys):
        os.write(self.file, keys.encode())

    def interrupt(self):
        """Ctrl+C at a command. Typed, it would also discard the answers about the cursor that pwsh has not read yet, and .NET waits for them."""
        os.kill(self.pid, signal.SIGINT)

    def begin(self, command):
        """Enters a command, and returns the number of its line."""
        self.type(command)
        self.wait(lambda lines: command.replace(" ", "") in "".join(lines[-self.screen.height :]).replace(" ", ""))
        before = self.last(self.screen.text())
        self.type("\r")
        return before

    def run(self, command):
        """The lines that a command shows."""
        return self.end(self.begin(command))

    def end(self, before):
        """The lines that are shown after this one, once the prompt is back."""
        lines = self.wait(lambda lines: self.is_prompt(lines) and self.last(lines) > before)
        return [line for line in lines[before + 1 : self.last(lines)] if line]

    def wait(self, is_there):
        end = time.monotonic() + LIMIT_SECONDS
        while not is_there(lines := self.screen.text()):
            ready, _, _ = select.select([self.file], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise AssertionError("it did not come within the limit:\n" + "\n".join(line for line in lines if line))
            self.screen.feed(os.read(self.file, 65536))
            if self.screen.answers:
                os.write(self.file, self.screen.answers)
                self.screen.answers = b""
        return lines

    def last(self, lines):
        """The number of the last line that is not empty."""
        return max(at for at, line in enumerate(lines) if line)

    def is_prompt(self, lines):
        return lines[self.last(lines)] == "PS>"
