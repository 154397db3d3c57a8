import Foundation
import HoneyCodecs
import HoneyCommands
import HoneyCore
import HoneyFiles

/// A file command with the settings it runs by, Hadoop's by their names: `fs.defaultFS`, `fs.trash.interval`.
package struct FileCommand {
    private(set) var arguments: [String]
    private(set) var settings: [String: String]

    /// Reads the settings among the generic options that a command's arguments begin with, for the engine that it is to run on.
    package static func settings(of arguments: [String]) throws -> [String: String] {
        var command = FileCommand(arguments: arguments, settings: [:])
        try command.takeGenericOptions()
        return command.settings
    }

    /// Takes `-fs <uri>`, `-D name=value` and `-Dname=value` off the front of the arguments.
    mutating func takeGenericOptions() throws {
        while let option = arguments.first {
            if option == "-fs" {
                settings["fs.defaultFS"] = try takeValue(of: option)
            } else if option == "-D" {
                try assign(takeValue(of: option))
            } else if option.hasPrefix("-D"), option.contains("=") {
                arguments.removeFirst()
                try assign(String(option.dropFirst(2)))
            } else {
                return
            }
        }
    }

    private mutating func takeValue(of option: String) throws -> String {
        guard arguments.count > 1 else {
            throw HoneyError(.semantic, "BAD_ARGUMENT", "expected a value after an option: \(option)")
        }
        arguments.removeFirst()
        return arguments.removeFirst()
    }

    private mutating func assign(_ pair: String) throws {
        guard let equals = pair.firstIndex(of: "=") else {
            throw HoneyError(.semantic, "BAD_ARGUMENT", "expected name=value after -D: \(pair)")
        }
        settings[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
    }

    /// Makes the shell that runs it over an engine's file systems.
    func shell(
        on engine: Engine, timeZone: String, input: @escaping () throws -> [UInt8] = { [] },
        pause: @escaping (Int) throws -> Void = { LocalFileSystem.sleep(milliseconds: $0) }
    ) throws -> DistributedFileSystemShell {
        let fileSystems = engine.extensions.fileSystems
        let root = try root(of: engine)
        let decoder = FileTextDecoder(codecs: .standard)
        return DistributedFileSystemShell(
            fileSystems: fileSystems, root: root, workingDirectory: try workingDirectory(root, fileSystems),
            localDirectory: Engine.absolutePath("."), timeZone: timeZone,
            trashMinutes: try number("fs.trash.interval", 0),
            safeDeletionFiles: Int(try number("hadoop.shell.safely.delete.limit.num.files", 100)),
            decode: decoder.write, input: input, pause: pause)
    }

    private func root(of engine: Engine) throws -> FileLocation {
        guard let text = settings["fs.defaultFS"], !text.isEmpty else { return try engine.defaultFileSystem }
        // `hdfs://host` and `file:///` name file systems without a path.
        guard let location = FileLocation(text.hasSuffix("/") ? text : text + "/") else {
            throw HoneyError(
                .semantic, "BAD_SETTING", "fs.defaultFS must be a URI such as hdfs://host:8020, not '\(text)'")
        }
        return location
    }

    /// The working directory of this process for its own files, the home directory elsewhere.
    private func workingDirectory(_ root: FileLocation, _ fileSystems: FileSystems) throws -> String {
        let here = Engine.absolutePath(".")
        if root.scheme == "file" { return here }
        let fileSystem = try fileSystems.serving(root) as? any AdministeredFileSystem
        return fileSystem?.homeDirectory.path ?? "/user/\(LocalFileSystem.userName)"
    }

    private func number(_ name: String, _ usual: Double) throws -> Double {
        guard let text = settings[name] else { return usual }
        guard let number = Double(text), number.isFinite, number.magnitude < 1e15 else {
            throw HoneyError(.semantic, "BAD_SETTING", "\(name) must be a number, not '\(text)'")
        }
        return number
    }
}

extension Engine {
    /// Runs a file command of Hadoop's shell, such as `["-ls", "/"]`, after generic options (`-fs`, `-D`); returns its exit status.
    ///
    /// - Parameters:
    ///   - input: gives the next bytes of standard input; empty at its end.
    ///   - pause: waits so many milliseconds.
    public func runFileCommand(
        arguments: [String], input: @escaping () throws -> [UInt8], pause: @escaping (Int) throws -> Void,
        output: ([UInt8]) throws -> Void, errors: (String) -> Void
    ) throws -> Int32 {
        var command = FileCommand(arguments: arguments, settings: [:])
        try command.takeGenericOptions()
        let shell = try command.shell(on: self, timeZone: TimeZone.current.identifier, input: input, pause: pause)
        return try shell.run(arguments: command.arguments, output: output, errors: errors)
    }
}
