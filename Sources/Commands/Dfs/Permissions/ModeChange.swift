/// What `chmod` does to a mode: `u+x,g=rw,o-r`, `+t`, `644` or `1755`.
struct ModeChange {
    private enum Operation: Character {
        case add = "+"
        case remove = "-"
        case set = "="
    }

    /// What is done to three bits.
    private struct Change {
        var operation = Operation.add
        var bits = 0
        /// `X`: execution for directories and for what somebody may execute.
        var hasConditionalExecution = false

        func applied(to bits: Int, mayExecute: Bool) -> Int {
            let mask = self.bits | (hasConditionalExecution ? 1 : 0)
            var result =
                switch operation {
                case .add: bits | mask
                case .remove: bits & ~mask
                case .set: mask
                }
            if hasConditionalExecution, !mayExecute, bits & 1 == 0 { result &= ~1 }
            return result
        }
    }

    private var changes: [Character: Change] = ["u": Change(), "g": Change(), "o": Change()]
    private var sticky = Change()

    /// Reads a mode; nil when it makes no sense. Of several changes for one class the last counts.
    init?(_ text: String) {
        if readOctal(text) { return }
        var rest = Array(text)[...]
        var isFirst = true
        repeat {
            guard isFirst || rest.first == "," else { return nil }
            if !isFirst { rest.removeFirst() }
            isFirst = false
            let who = ModeChange.take(&rest, "ugoa")
            guard let operation = ModeChange.take(&rest, "+-=").last.flatMap(Operation.init) else { return nil }
            let letters = ModeChange.take(&rest, "rwxXt")
            if letters.isEmpty { return nil }
            apply(operation, letters, to: who.filter { $0 != "a" })
        } while !rest.isEmpty
    }

    private static func take(_ rest: inout ArraySlice<Character>, _ allowed: String) -> [Character] {
        let taken = Array(rest.prefix { allowed.contains($0) })
        rest.removeFirst(taken.count)
        return taken
    }

    private mutating func apply(_ operation: Operation, _ letters: [Character], to who: [Character]) {
        let values: [Character: Int] = ["r": 4, "w": 2, "x": 1]
        let bits = letters.reduce(0) { $0 | (values[$1] ?? 0) }
        let change = Change(operation: operation, bits: bits, hasConditionalExecution: letters.contains("X"))
        for name in who.isEmpty ? ["u", "g", "o"] : who { changes[name] = change }
        if who.isEmpty || who.contains("o") {
            sticky = Change(operation: operation, bits: letters.contains("t") ? 1 : 0)
        }
    }

    private mutating func readOctal(_ text: String) -> Bool {
        var digits = Array(text.drop { $0.isWhitespace })
        while digits.last?.isWhitespace == true { digits.removeLast() }
        if digits.first == "+" { digits.removeFirst() }
        let values = digits.compactMap { $0.isASCII ? $0.wholeNumberValue : nil }
        guard values.count == digits.count, values.allSatisfy({ $0 < 8 }) else { return false }
        guard values.count == 3 || values.count == 4 && values[0] < 2 else { return false }
        for (name, value) in zip(["u", "g", "o"] as [Character], values.suffix(3)) {
            changes[name] = Change(operation: .set, bits: value)
        }
        sticky = Change(operation: .set, bits: values.count == 4 ? values[0] : 0)
        return true
    }

    func applied(to mode: Int, isDirectory: Bool) -> Int {
        let mayExecute = isDirectory || mode & 0o111 != 0
        func bits(_ name: Character, _ shift: Int) -> Int {
            (changes[name] ?? Change()).applied(to: mode >> shift & 7, mayExecute: mayExecute) << shift
        }
        return sticky.applied(to: mode >> 9 & 1, mayExecute: false) << 9 | bits("u", 6) | bits("g", 3) | bits("o", 0)
    }
}
