import Foundation
import HoneyCommands
import HoneyCore
import HoneyFiles
import Testing

/// Holds the file commands to what Hadoop's own shell answered to the same commands on the same files.
struct HadoopTranscriptTests {
    private let directory = TemporaryDirectory()
    private let files = MemoryFileSystem()

    /// A command and what comes of it.
    private struct Step {
        var line: String
        var input = ""
        var answer: [String] = []
    }

    private func steps() throws -> [Step] {
        let url = try #require(Bundle.module.url(forResource: "hadoop-shell", withExtension: "txt"))
        var steps: [Step] = []
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("$") {
                steps.append(Step(line: String(line.dropFirst(2))))
            } else if line.hasPrefix("<") {
                steps[steps.count - 1].input = String(line.dropFirst(2).replacing("\\n", with: "\n"))
            } else {
                steps[steps.count - 1].answer.append(String(line))
            }
        }
        return steps
    }

    private func fill() throws {
        // The second of January, 03:04:05.
        let seconds = [2018: 1_514_862_245, 2019: 1_546_398_245, 2020: 1_577_934_245, 2021: 1_609_556_645]
        func date(_ year: Int) -> Int { (seconds[year] ?? 0) * 1000 }
        func write(_ text: String, _ path: String, _ year: Int, mode: Int = 0o644) throws {
            let location = FileLocation(scheme: "memory", path: "/user/bee/" + path)
            try files.write(Array(text.utf8), to: location)
            try files.setPermissions(location, to: mode)
            try files.setTimes(location, modifiedMilliseconds: date(year), accessedMilliseconds: date(year))
        }
        try write("hello\nworld\n", "d/a.txt", 2020, mode: 0o640)
        try write(String(repeating: "x", count: 3000), "d/big", 2021)
        try write("x\n", "d/sub/b", 2019)
        try write("y\n", "d/sub/deep/c", 2019)
        try files.makeDirectory(FileLocation(scheme: "memory", path: "/user/bee/d/empty"))
        for (path, year) in [
            ("d/sub/deep", 2019), ("d/sub", 2019), ("d/empty", 2019), ("d", 2018), ("", 2018), ("..", 2018),
        ] {
            let location = FileLocation(scheme: "memory", path: "/user/bee/" + path)
            try files.setTimes(location, modifiedMilliseconds: date(year), accessedMilliseconds: date(year))
        }
        let local = LocalFileSystem()
        let input = directory.location.appending("l/in")
        try local.write(Array("local\n".utf8), to: input)
        try local.setTimes(input, modifiedMilliseconds: date(2019), accessedMilliseconds: date(2019))
    }

    /// Runs a command and tells what came of it as the transcript does.
    private func answer(to step: Step) throws -> [String] {
        let place = directory.location.path
        var input = Array(step.input.utf8)
        let shell = DistributedFileSystemShell(
            fileSystems: FileSystems([files, LocalFileSystem()]), root: FileLocation(scheme: "memory", path: "/"),
            workingDirectory: "/user/bee", localDirectory: place, user: "bee",
            input: {
                defer { input = [] }
                return input
            })
        var output: [UInt8] = []
        var errors: [String] = []
        let arguments = step.line.replacing("LOCAL", with: place).split(
            separator: " ", omittingEmptySubsequences: false)
        let status = try shell.run(
            arguments: arguments.map(String.init), output: { output += $0 }, errors: { errors.append($0) })
        var lines = status == 0 ? [] : ["= \(status & 255)"]
        var printed = String(decoding: output, as: UTF8.self).components(separatedBy: "\n")
        let rest = printed.removeLast()
        lines +=
            printed.map { $0.isEmpty ? ">" : "> " + $0 } + (rest.isEmpty ? [] : [">> " + rest])
            + errors.map { "! " + $0 }
        return withoutUsage(lines).map(normalized)
    }

    private func normalized(_ line: String) -> String {
        line.replacing(directory.location.path, with: "LOCAL").replacing("\0", with: "\\0")
            .replacing(/20(2[5-9]|[3-9]\d)-\d\d-\d\d \d\d:\d\d(:\d\d)?/, with: "<now>")
            .replacing(/x{100,}/) { "x*\($0.output.count)" }
    }

    /// Puts a word in place of the usage of all commands.
    private func withoutUsage(_ lines: [String]) -> [String] {
        guard let start = lines.firstIndex(where: { $0.hasSuffix("Usage: hadoop fs [generic options]") }),
            let end = lines.lastIndex(where: { $0.hasSuffix("command [genericOptions] [commandOptions]") })
        else { return lines }
        return lines[..<start] + [lines[start].prefix(2) + "<FULL USAGE>"] + lines[(end + 2)...]
    }

    @Test func answersAsHadoopsOwnShell() throws {
        try fill()
        let steps = try steps()
        #expect(steps.count > 300)
        for step in steps {
            let found = try answer(to: step)
            if found != step.answer {
                Issue.record(
                    "\(step.line)\n\(found.joined(separator: "\n"))\nbut Hadoop:\n\(step.answer.joined(separator: "\n"))"
                )
            }
        }
    }
}
