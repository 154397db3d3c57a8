import HoneyCore
import HoneyFiles

extension DfsCommand {
    static var telling: [DfsCommand] {
        [
            DfsCommand(
                "stat", "[format] <path> ...",
                """
                Tells of files and directories what the format asks for; without one, the time of the last change (%y).

                  %a  the mode as octal digits        %A  the mode as letters
                  %b  the size in bytes               %F  what it is: regular file or directory
                  %g  the group                       %u  the owner
                  %n  the name                        %o  the size of a block
                  %r  how many replicas               %%  a percent sign
                  %x  the last access                 %X  the same in milliseconds since 1970
                  %y  the last change                 %Y  the same in milliseconds since 1970
                """
            ) { try $0.stat() },
            DfsCommand(
                "test", "-[defswrz] <path>",
                """
                Answers a question about a path with exit status 0 for yes and 1 for no.

                  -d  Is it a directory?
                  -e  Is there anything?
                  -f  Is it a file?
                  -r  May I read it?
                  -s  Does it hold any bytes?
                  -w  May I write to it?
                  -z  Is it an empty file?
                """
            ) { try $0.test() },
            DfsCommand(
                "find", "<path> ... <expression> ...",
                """
                Finds what an expression is true of, at and below paths, and shows it.

                  -name pattern          the name matches a pattern as paths have them
                  -iname pattern         the same, whether letters are small or large
                  -print                 always true; shows the path
                  -print0                the same, with a zero byte after the path instead of a new line
                  expression -a expression
                  expression -and expression
                  expression expression  both are true; the second is not asked when the first is not
                """
            ) { try $0.find() },
        ]
    }
}

extension DfsRun {
    fileprivate func stat() throws {
        let isRecursive = try options("R")["R"] != nil
        var format = "%y"
        if arguments[0].contains("%") { format = arguments.removeFirst() }
        try requireOperands(1)
        try process(recursively: isRecursive) { item in
            guard let status = item.status else { return }
            var text = ""
            var rest = Array(format)[...]
            while let character = rest.popFirst() {
                guard character == "%" else {
                    text.append(character)
                    continue
                }
                if let field = rest.popFirst() { text += statField(field, status, item) }
            }
            try print(text)
        }
    }

    private func statField(_ field: Character, _ status: FileStatus, _ item: DfsItem) -> String {
        func time(_ milliseconds: Int) -> String { DfsText.time(milliseconds, timeZone: "UTC", hasSeconds: true) }
        return switch field {
        case "a": String(status.permissions, radix: 8)
        case "A": DfsText.permissions(status.permissions)
        case "b": String(status.size)
        case "F": status.isDirectory ? "directory" : "regular file"
        case "g": status.group
        case "n": status.location.name
        case "o": String(item.blockBytes)
        case "r": String(status.replication)
        case "u": status.owner
        case "x": time(status.accessedMilliseconds)
        case "X": String(status.accessedMilliseconds)
        case "y": time(status.modifiedMilliseconds)
        case "Y": String(status.modifiedMilliseconds)
        default: String(field)
        }
    }

    fileprivate func test() throws {
        let options = try options("e d f s z w r", 1, 1)
        guard let flag = options.keys.first else { throw DfsUsageError("No test flag given") }
        if options.count > 1 { throw DfsUsageError("Only one test flag is allowed") }
        try each(expand(arguments), missing: { _ in status = 1 }) { item in
            guard let found = item.status else { return }
            let holds =
                switch flag {
                case "d": found.isDirectory
                case "f": !found.isDirectory
                case "s": found.size > 0
                case "z": !found.isDirectory && found.size == 0
                case "r": try item.allows(.reading)
                case "w": try item.allows(.writing)
                default: true
                }
            if !holds { status = 1 }
        }
    }

    fileprivate func find() throws {
        _ = try options("L H", ignoresUnknown: true)
        let split = arguments.firstIndex { $0.hasPrefix("-") } ?? arguments.endIndex
        let expression = try FindExpression(arguments[split...])
        arguments = split == 0 ? ["."] : Array(arguments[..<split])
        try process(recursively: true) { item in
            try expression.apply(to: item) { try write(Array($0.utf8)) }
        }
    }
}

extension DfsItem {
    /// Tells whether the caller may do so: as the file system says, or by the mode where it does not say.
    fileprivate func allows(_ access: FileAccess) throws -> Bool {
        if let administered = fileSystem as? any AdministeredFileSystem {
            return try administered.allows(access, to: location)
        }
        let mode = status?.permissions ?? 0
        return mode & (access == .reading ? 0o444 : 0o222) != 0
    }
}

/// What `-find` asks of each path, in order, until something is not true.
private struct FindExpression {
    private enum Term {
        case name(GlobPattern)
        case print(ending: String)
    }

    private var terms: [Term] = []

    init(_ arguments: ArraySlice<String>) throws {
        var rest = arguments
        var needsTerm = false
        var depth = 0
        scan: while let word = rest.popFirst() {
            needsTerm = false
            switch word {
            // Where all that there is means and, parentheses change nothing; one too many ends the expression.
            case "(": depth += 1
            case ")":
                depth -= 1
                if depth < 0 { break scan }
            case "-name", "-iname":
                guard let pattern = rest.popFirst() else {
                    throw DfsUsageError("Not enough arguments: \(word) needs a pattern")
                }
                terms.append(.name(try GlobPattern(pattern, ignoringCase: word == "-iname")))
            case "-print": terms.append(.print(ending: "\n"))
            case "-print0": terms.append(.print(ending: "\0"))
            case "-a" where !terms.isEmpty, "-and" where !terms.isEmpty: needsTerm = true
            default: throw DfsFailure("Unexpected argument: \(word)")
            }
        }
        if needsTerm { throw DfsUsageError("Not enough arguments: an expression is missing at the end") }
        let prints = terms.contains { if case .print = $0 { true } else { false } }
        if !prints { terms.append(.print(ending: "\n")) }
    }

    func apply(to item: DfsItem, output: (String) throws -> Void) throws {
        for term in terms {
            switch term {
            case .name(let pattern): if !pattern.matches(item.location.name) { return }
            case .print(let ending): try output(item.text + ending)
            }
        }
    }
}
