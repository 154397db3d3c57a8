import HoneyCore

/// A command with what is said about it and what it does.
struct DfsCommand {
    var name: String
    /// Options and operands, as `-usage` shows them.
    var usage: String
    var summary: String
    /// The command to use instead of this old one.
    var replacement: String?
    var body: (DfsRun) throws -> Void

    init(_ name: String, _ usage: String, _ summary: String, _ body: @escaping (DfsRun) throws -> Void) {
        self.name = name
        self.usage = usage
        self.summary = summary
        self.body = body
    }

    /// Makes the old name of a command.
    init(_ name: String, insteadOf replacement: String, _ body: @escaping (DfsRun) throws -> Void) {
        self.init(name, "", "(DEPRECATED) Same as '\(replacement)'", body)
        self.replacement = replacement
    }

    /// Finds the command that is called by `name`, with its dash.
    static func named(_ name: String) -> DfsCommand? { all.first { "-" + $0.name == name } }

    static var all: [DfsCommand] {
        (listing + counting + showing + telling + making + changing + removing + copying + merging + moving
            + permissions + accessControl + attributes + snapshots + helping).sorted { $0.name < $1.name }
    }

    private static var helping: [DfsCommand] {
        [
            DfsCommand("usage", "[cmd ...]", "Displays how a command, or every command, is called.") { run in
                try run.explain(all: DfsUsage.all) { [DfsUsage.line(of: $0)] }
            },
            DfsCommand("help", "[cmd ...]", "Displays how a command, or every command, is called and what it does.") {
                run in try run.explain(all: DfsUsage.help) { DfsUsage.help(on: $0) }
            },
        ]
    }
}

/// The texts of `-usage` and `-help`.
enum DfsUsage {
    private static let prefix = "Usage: hadoop fs [generic options]"

    static func line(of command: DfsCommand) -> String { prefix + " " + short(command) }

    /// `-ls [-C] …`
    private static func short(_ command: DfsCommand) -> String {
        "-" + command.name + (command.usage.isEmpty ? "" : " " + command.usage)
    }

    private static var current: [DfsCommand] { DfsCommand.all.filter { $0.replacement == nil } }

    private static var list: [String] { [prefix] + current.map { "\t[\(short($0))]" } }

    static var all: [String] { list + [""] + genericOptions }

    static var help: [String] { list + current.flatMap { [""] + help(on: $0) } + [""] + genericOptions }

    static func help(on command: DfsCommand) -> [String] {
        [short(command) + " :"] + wrapped(command.summary).map { "  " + $0 }
    }

    private static let genericOptions = [
        "Generic options supported are:",
        "-D <property=value>               define a value for a given property",
        "-fs <file:///|hdfs://namenode:port> specify default filesystem URL to use, "
            + "overrides 'fs.defaultFS' property from configurations.",
        "",
        "The general command line syntax is:",
        "command [genericOptions] [commandOptions]",
        "",
    ]

    /// Breaks paragraphs into lines of 80 columns.
    private static func wrapped(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph -> [String] in
            // What is indented has been laid out already.
            guard paragraph.count > 80, !paragraph.hasPrefix(" ") else { return [String(paragraph)] }
            var lines = [""]
            for word in paragraph.split(separator: " ") {
                if lines[lines.count - 1].isEmpty {
                    lines[lines.count - 1] = String(word)
                } else if lines[lines.count - 1].count + word.count < 80 {
                    lines[lines.count - 1] += " " + word
                } else {
                    lines.append(String(word))
                }
            }
            return lines
        }
    }
}

extension DfsRun {
    /// Prints texts on the commands that the arguments name, or on all.
    func explain(all: [String], each text: (DfsCommand) -> [String]) throws {
        if arguments.isEmpty { return try all.forEach(print) }
        for name in arguments {
            guard let command = DfsCommand.named("-" + name) else {
                throw DfsUsageError("`\(name)': Unknown command")
            }
            try text(command).forEach(print)
        }
    }
}
