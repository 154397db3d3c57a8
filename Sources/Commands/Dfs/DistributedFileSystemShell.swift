import HoneyCore
public import HoneyFiles

/// The file commands of Hadoop's shell (`dfs -ls /`), with its output, its error texts and its exit statuses.
public struct DistributedFileSystemShell {
    let fileSystems: FileSystems
    /// What paths without a scheme are on.
    let root: FileLocation
    /// Where relative paths start.
    let workingDirectory: String
    let timeZone: String

    /// - Parameters:
    ///   - root: any location of the file system that paths without a scheme mean.
    ///   - workingDirectory: the absolute path where relative paths start.
    public init(fileSystems: FileSystems, root: FileLocation, workingDirectory: String, timeZone: String = "UTC") {
        self.fileSystems = fileSystems
        self.root = root
        self.workingDirectory = workingDirectory
        self.timeZone = timeZone
    }

    /// Runs one command, such as `["-ls", "-R", "/"]`. Standard output goes to `output` as bytes, messages to `errors` by lines.
    /// Returns 0, or 1 when something failed, or 255 when the command makes no sense. Fails only when `output` does.
    public func run(
        arguments: [String], output: ([UInt8]) throws -> Void, errors: (String) -> Void
    ) throws -> Int32 {
        guard let first = arguments.first else {
            errors("Usage: dfs [command]; commands: " + DfsCommand.all.map { "-" + $0.name }.joined(separator: " "))
            return 255
        }
        if first == "-help" || first == "-usage" {
            let wanted = arguments.dropFirst().map { $0.hasPrefix("-") ? String($0.dropFirst()) : $0 }
            for command in DfsCommand.all where wanted.isEmpty || wanted.contains(command.name) {
                try output(Array("Usage: dfs \(command.usage)\n".utf8))
            }
            return 0
        }
        guard let command = DfsCommand.all.first(where: { "-" + $0.name == first }) else {
            let names = DfsCommand.all.map { "-" + $0.name }
            errors("\(first): Unknown command\(SpellingSuggestion.hint(for: first, in: names))")
            return 255
        }
        return try withoutActuallyEscaping(output) { output in
            try withoutActuallyEscaping(errors) { errors in
                let run = DfsRun(shell: self, command: command.name, output: output, errors: errors)
                do {
                    try run.parse(Array(arguments.dropFirst()), command)
                } catch let error as DfsUsageError {
                    errors("\(first): \(error.message)")
                    errors("Usage: dfs \(command.usage)")
                    return 255
                }
                try command.body(run)
                return run.failed ? 1 : 0
            }
        }
    }

    func location(of text: String) -> FileLocation {
        if let location = FileLocation(text), text.utf8.first != UInt8(ascii: "/") { return location }
        let path = text.utf8.first == UInt8(ascii: "/") ? text : workingDirectory + "/" + text
        return FileLocation(scheme: root.scheme, authority: root.authority, path: path)
    }
}

/// Arguments that make no sense.
struct DfsUsageError: Error {
    var message: String
}

/// A command with the options it knows.
struct DfsCommand {
    var name: String
    var usage: String
    var options: Set<String>
    var minimum: Int
    var body: (DfsRun) throws -> Void

    init(_ usage: String, options: String = "", minimum: Int = 1, _ body: @escaping (DfsRun) throws -> Void) {
        name = String(usage.dropFirst().prefix { $0 != " " })
        self.usage = usage
        self.options = Set(options.split(separator: " ").map(String.init))
        self.minimum = minimum
        self.body = body
    }

    static var all: [DfsCommand] {
        [
            DfsCommand("-appendToFile <localsrc> ... <dst>", minimum: 2) { try $0.appendToFile() },
            DfsCommand("-cat <src> ...") { try $0.cat() },
            DfsCommand("-copyFromLocal [-f] <localsrc> ... <dst>", options: "f", minimum: 2) { try $0.put() },
            DfsCommand("-copyToLocal [-f] <src> ... <localdst>", options: "f", minimum: 2) { try $0.get() },
            DfsCommand("-count [-q] [-h] <path> ...", options: "q h") { try $0.count() },
            DfsCommand("-cp [-f] <src> ... <dst>", options: "f", minimum: 2) { try $0.cp() },
            DfsCommand("-du [-s] [-h] <path> ...", options: "s h") { try $0.du() },
            DfsCommand("-get [-f] <src> ... <localdst>", options: "f", minimum: 2) { try $0.get() },
            DfsCommand("-getmerge [-nl] <src> <localdst>", options: "nl", minimum: 2) { try $0.getMerge() },
            DfsCommand("-head <file>") { try $0.head() },
            DfsCommand("-ls [-C] [-d] [-h] [-R] [-t] [-S] [-r] [<path> ...]", options: "C d h R t S r", minimum: 0) {
                try $0.ls()
            },
            DfsCommand("-mkdir [-p] <path> ...", options: "p") { try $0.mkdir() },
            DfsCommand("-moveFromLocal [-f] <localsrc> ... <dst>", options: "f", minimum: 2) {
                try $0.put(isMove: true)
            },
            DfsCommand("-mv <src> ... <dst>", minimum: 2) { try $0.mv() },
            DfsCommand("-put [-f] <localsrc> ... <dst>", options: "f", minimum: 2) { try $0.put() },
            DfsCommand("-rm [-f] [-r|-R] [-skipTrash] <src> ...", options: "f r R skipTrash") { try $0.rm() },
            DfsCommand("-rmdir [--ignore-fail-on-non-empty] <dir> ...", options: "-ignore-fail-on-non-empty") {
                try $0.rmdir()
            },
            DfsCommand("-stat [format] <path> ...") { try $0.stat() },
            DfsCommand("-tail <file>") { try $0.tail() },
            DfsCommand("-test -[defswrz] <path>", options: "d e f s w r z") { try $0.test() },
            DfsCommand("-touchz <path> ...") { try $0.touchz() },
        ]
    }
}
