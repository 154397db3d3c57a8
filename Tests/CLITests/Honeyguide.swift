import Foundation

/// Runs the executable that the tests were built with, over a home of its own.
struct Honeyguide {
    struct Outcome {
        var output: String
        var errors: String
        var status: Int32
    }

    /// A home that is removed afterwards.
    final class Home: Sendable {
        let path = NSTemporaryDirectory() + "honeyguide-cli-" + UUID().uuidString
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    let home = Home()

    /// The test bundle lies beside the executable.
    static let executable = Bundle.main.bundleURL.appendingPathComponent("honeyguide")

    func start(_ arguments: [String], input: String? = nil) throws -> (process: Process, output: Pipe, errors: Pipe) {
        let process = Process()
        process.executableURL = Honeyguide.executable
        process.arguments = ["--home", home.path] + arguments
        let (output, errors, standardInput) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = standardInput
        try process.run()
        if let input { standardInput.fileHandleForWriting.write(Data(input.utf8)) }
        try standardInput.fileHandleForWriting.close()
        return (process, output, errors)
    }

    func run(_ arguments: String..., input: String? = nil) throws -> Outcome {
        let (process, output, errors) = try start(arguments, input: input)
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let errorText = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            output: String(decoding: text, as: UTF8.self), errors: String(decoding: errorText, as: UTF8.self),
            status: process.terminationStatus)
    }

    /// Starts one whose standard input stays open: `!cat > /dev/null` waits until it is closed.
    func startWaiting(_ arguments: String...) throws -> WaitingProcess {
        let process = Process()
        process.executableURL = Honeyguide.executable
        process.arguments = ["--home", home.path] + arguments
        let (output, errors, input) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = input
        try process.run()
        return WaitingProcess(process: process, output: output, errors: errors, input: input)
    }

    struct WaitingProcess {
        var process: Process
        var output: Pipe
        var errors: Pipe
        var input: Pipe

        /// Waits for a line of output; nil when the process ends before.
        func line() -> String? {
            var text: [UInt8] = []
            while let byte = output.fileHandleForReading.readData(ofLength: 1).first {
                if byte == UInt8(ascii: "\n") { return String(decoding: text, as: UTF8.self) }
                text.append(byte)
            }
            return nil
        }

        func kill() {
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }

        /// Lets it go on, and waits for its end.
        func finish() throws -> Outcome {
            try input.fileHandleForWriting.close()
            let text = output.fileHandleForReading.readDataToEndOfFile()
            let errorText = errors.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return Outcome(
                output: String(decoding: text, as: UTF8.self), errors: String(decoding: errorText, as: UTF8.self),
                status: process.terminationStatus)
        }
    }

    /// Writes a file into the home and returns its path.
    func file(_ content: Data) throws -> String {
        try FileManager.default.createDirectory(atPath: home.path, withIntermediateDirectories: true)
        let path = home.path + "/script-" + UUID().uuidString
        try content.write(to: URL(fileURLWithPath: path))
        return path
    }
}
