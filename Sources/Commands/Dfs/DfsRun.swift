import HoneyCore
import HoneyFiles

/// One command at work: its arguments, and what it has to say.
final class DfsRun {
    let shell: DistributedFileSystemShell
    let command: DfsCommand
    /// What follows the command's name; options leave when they are read.
    var arguments: [String]
    /// The exit status when nothing fails.
    var status: Int32 = 0
    private(set) var failures = 0
    private let output: ([UInt8]) throws -> Void
    private let errors: (String) -> Void

    init(
        shell: DistributedFileSystemShell, command: DfsCommand, arguments: [String],
        output: @escaping ([UInt8]) throws -> Void, errors: @escaping (String) -> Void
    ) {
        self.shell = shell
        self.command = command
        self.arguments = arguments
        self.output = output
        self.errors = errors
    }

    func execute() throws -> Int32 {
        if let replacement = command.replacement { warn("DEPRECATED: Please use '\(replacement)' instead.") }
        try attempt { try command.body(self) }
        return failures == 0 ? status : 1
    }

    func print(_ line: String) throws { try write(Array((line + "\n").utf8)) }

    func write(_ bytes: [UInt8]) throws {
        do { try output(bytes) } catch { throw DfsOutputError(cause: error) }
    }

    /// Says something that is no failure.
    func warn(_ text: String) { errors("\(command.name): \(text)") }

    /// Says something on standard error as it is.
    func note(_ text: String) { errors(text) }

    func complain(_ message: String) {
        failures += 1
        warn(message)
    }

    /// Does something; a failure is told, and the command goes on.
    ///
    /// - Parameter path: what the failure is about, where it does not say so itself.
    func attempt(_ path: String? = nil, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DfsFailure {
            complain(error.message)
        } catch let error as HoneyError where error.kind != .cancelled {
            complain(DfsFailure(error, at: path).message)
        }
    }

    /// Does something with each thing that exists; says so where one does not.
    func each(
        _ items: [DfsItem], missing: (DfsItem) throws -> Void = { throw DfsFailure.missing($0.text) },
        _ body: (DfsItem) throws -> Void
    ) throws {
        for item in items {
            try attempt(item.text) { try item.status == nil ? missing(item) : body(item) }
        }
    }

    /// Does something with a thing and then, if it is a directory, with all that is below; `body` tells the depth.
    func walk(_ item: DfsItem, depth: Int = 0, _ body: (DfsItem, Int) throws -> Void) throws {
        try attempt(item.text) {
            try body(item, depth)
            guard item.isDirectory else { return }
            for child in try item.children() { try walk(child, depth: depth + 1, body) }
        }
    }

    /// Does something with each thing that the arguments name and, if asked, with all that is below.
    func process(
        recursively isRecursive: Bool = false,
        missing: (DfsItem) throws -> Void = { throw DfsFailure.missing($0.text) }, _ body: (DfsItem) throws -> Void
    ) throws {
        try each(expand(arguments), missing: missing) { item in
            try isRecursive ? walk(item) { item, _ in try body(item) } : body(item)
        }
    }
}
