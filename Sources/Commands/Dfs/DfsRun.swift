import HoneyCore
import HoneyFiles

/// One command at work: its options and operands, and what it has to say.
final class DfsRun {
    let shell: DistributedFileSystemShell
    let command: String
    private let output: ([UInt8]) throws -> Void
    private let errors: (String) -> Void
    private(set) var options: Set<String> = []
    private(set) var operands: [String] = []
    private(set) var failed = false

    init(
        shell: DistributedFileSystemShell, command: String, output: @escaping ([UInt8]) throws -> Void,
        errors: @escaping (String) -> Void
    ) {
        self.shell = shell
        self.command = command
        self.output = output
        self.errors = errors
    }

    func parse(_ arguments: [String], _ command: DfsCommand) throws {
        var rest = arguments[...]
        while let option = rest.first, option.hasPrefix("-"), option != "-" {
            rest.removeFirst()
            if option == "--" { break }
            let name = String(option.dropFirst())
            guard command.options.contains(name) else { throw DfsUsageError(message: "Illegal option \(option)") }
            options.insert(name)
        }
        operands = Array(rest)
        guard operands.count >= command.minimum else {
            throw DfsUsageError(
                message: "Not enough arguments: expected \(command.minimum) but got \(operands.count)")
        }
    }

    func print(_ line: String) throws { try output(Array((line + "\n").utf8)) }
    func write(_ bytes: [UInt8]) throws { try output(bytes) }
    /// Makes the status 1 without a word.
    func fail() { failed = true }

    func complain(_ path: String, _ what: String) {
        failed = true
        errors("\(command): `\(path)': \(what)")
    }

    /// Does something with a path; a failure of files is told in Hadoop's words, and the command goes on.
    func attempt(_ path: String, _ body: () throws -> Void) throws {
        do { try body() } catch let error as HoneyError where error.kind == .environment {
            complain(path, DfsRun.text(of: error))
        }
    }

    private static func text(of error: HoneyError) -> String {
        switch error.code {
        case "FILE_NOT_FOUND": "No such file or directory"
        case "FILE_EXISTS": "File exists"
        case "NOT_A_FILE": "Is a directory"
        case "NOT_A_DIRECTORY": "Is not a directory"
        case "DIRECTORY_NOT_EMPTY": "Directory is not empty"
        case "PERMISSION_DENIED": "Permission denied"
        case "DISK_FULL": "No space left on device"
        default: error.message
        }
    }

    /// A path as the user wrote it, and what is there.
    struct Item {
        var text: String
        var location: FileLocation
        var fileSystem: any FileSystem
        var status: FileStatus?

        func child(_ status: FileStatus) -> Item {
            let name = status.location.name
            return Item(
                text: text.hasSuffix("/") ? text + name : text + "/" + name, location: status.location,
                fileSystem: fileSystem, status: status)
        }

        var isDirectory: Bool { status?.isDirectory == true }
    }

    func item(_ text: String) throws -> Item { try item(text, at: shell.location(of: text)) }

    func localItem(_ text: String) throws -> Item {
        if let location = FileLocation(text) { return try item(text, at: location) }
        return try item(text, at: FileLocation(path: shell.workingDirectory + "/" + text))
    }

    private func item(_ text: String, at location: FileLocation) throws -> Item {
        let fileSystem = try shell.fileSystems.serving(location)
        return Item(text: text, location: location, fileSystem: fileSystem, status: try fileSystem.status(location))
    }

    /// Does something with each thing that the operands name; says so where there is none.
    func each(_ operands: [String], isLocal: Bool = false, _ body: (Item) throws -> Void) throws {
        for operand in operands {
            try attempt(operand) {
                let item = isLocal ? try localItem(operand) : try item(operand)
                if item.status != nil { return try attempt(item.text) { try body(item) } }
                let found = try PathPattern.expand(item.location, item.fileSystem)
                if found.isEmpty { complain(operand, "No such file or directory") }
                let hasScheme = FileLocation(operand) != nil && operand.utf8.first != UInt8(ascii: "/")
                for status in found {
                    let text = hasScheme ? status.location.description : status.location.path
                    let match = Item(text: text, location: status.location, fileSystem: item.fileSystem, status: status)
                    try attempt(text) { try body(match) }
                }
            }
        }
    }
}
