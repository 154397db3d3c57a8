import HoneyCore
public import HoneyFiles

/// The file commands of Hadoop's shell (`dfs -ls /`), with its output, its error texts and its exit statuses.
public struct DistributedFileSystemShell {
    /// Writes what a file that is not plain text means to `output`, as `-text` shows it; false for any other file.
    public typealias Decoder = (
        _ file: any ReadableFile, _ output: ([UInt8]) throws -> Void
    ) throws -> Bool

    let fileSystems: FileSystems
    /// What paths without a scheme are on.
    let root: FileLocation
    /// Where relative paths start.
    let workingDirectory: String
    /// Where relative paths of the machine itself start, in `-put` and `-get`.
    let localDirectory: String
    /// Who works; its home is where relative paths start on file systems that know no other, and where its trash is.
    let user: String
    let timeZone: String
    /// Minutes that removed files stay in the trash; 0 removes them at once.
    let trashMinutes: Double
    /// `-rm -safely` asks before it removes a directory of more files than this.
    let safeDeletionFiles: Int
    let decode: Decoder
    /// Gives the next bytes of standard input; empty at its end.
    let input: () throws -> [UInt8]
    /// Waits so many milliseconds, for what is still going on.
    let pause: (Int) throws -> Void

    /// - Parameters:
    ///   - root: any location of the file system that paths without a scheme mean.
    ///   - workingDirectory: the absolute path where relative paths start on that file system.
    ///   - localDirectory: the same for the machine's own files; `workingDirectory` when nil.
    public init(
        fileSystems: FileSystems, root: FileLocation, workingDirectory: String, localDirectory: String? = nil,
        user: String = LocalFileSystem.userName, timeZone: String = "UTC", trashMinutes: Double = 0,
        safeDeletionFiles: Int = 100, decode: @escaping Decoder = { _, _ in false },
        input: @escaping () throws -> [UInt8] = { [] },
        pause: @escaping (Int) throws -> Void = { LocalFileSystem.sleep(milliseconds: $0) }
    ) {
        self.fileSystems = fileSystems
        self.root = root
        self.workingDirectory = FileLocation(path: workingDirectory).path
        self.localDirectory = FileLocation(path: localDirectory ?? workingDirectory).path
        self.user = user
        self.timeZone = timeZone
        self.trashMinutes = trashMinutes
        self.safeDeletionFiles = safeDeletionFiles
        self.decode = decode
        self.input = input
        self.pause = pause
    }

    /// Runs one command, such as `["-ls", "-R", "/"]`. Standard output goes to `output` as bytes, messages to `errors` by lines.
    /// Returns 0, or 1 when something failed, or 255 when the command makes no sense. Fails only when `output` does.
    public func run(
        arguments: [String], output: ([UInt8]) throws -> Void, errors: (String) -> Void
    ) throws -> Int32 {
        guard let name = arguments.first else {
            for line in DfsUsage.all { errors(line) }
            return 255
        }
        guard let command = DfsCommand.named(name) else {
            errors("\(name): Unknown command")
            if !name.hasPrefix("-"), DfsCommand.named("-" + name) != nil {
                errors("Did you mean -\(name)?  This command begins with a dash.")
            }
            for line in DfsUsage.all { errors(line) }
            return 255
        }
        return try withoutActuallyEscaping(output) { output in
            try withoutActuallyEscaping(errors) { errors in
                let run = DfsRun(
                    shell: self, command: command, arguments: Array(arguments.dropFirst()), output: output,
                    errors: errors)
                do {
                    return try run.execute()
                } catch let error as DfsUsageError {
                    for line in error.message.split(separator: "\n") { errors("\(name): \(line)") }
                    for line in DfsUsage.all + [DfsUsage.line(of: command)] { errors(line) }
                    return 255
                } catch let error as DfsOutputError {
                    throw error.cause
                }
            }
        }
    }
}
