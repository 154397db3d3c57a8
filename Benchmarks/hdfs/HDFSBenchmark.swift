// hdfsbench measures parts of HDFS by themselves: the calls of a NameNode, the memory of a million files, and writing with three replicas.
// `make bench-hdfs` builds and runs it. `scan.py` beside it compares queries over an embedded HDFS with queries over plain files.

import Foundation

@main enum HDFSBenchmark {
    private static let usage = "usage: hdfsbench [calls|memory|write] [--files N] [--rounds N] [--folder FOLDER]"

    static func main() throws {
        var arguments = CommandLine.arguments.dropFirst()
        // The benchmark of memory starts its own program anew.
        if arguments.first == "--start", let folder = arguments.dropFirst().first {
            return try MemoryBenchmark.start(folder: folder)
        }
        var (parts, files, rounds, folder) = ([String](), 1_000_000, 5, "hdfsbench.\(getpid())")
        while let argument = arguments.popFirst() {
            switch argument {
            case "calls", "memory", "write": parts.append(argument)
            case "--files": files = Int(arguments.popFirst() ?? "") ?? 0
            case "--rounds": rounds = Int(arguments.popFirst() ?? "") ?? 0
            case "--folder": folder = arguments.popFirst() ?? folder
            default: files = 0
            }
        }
        guard files > 0, rounds > 0 else {
            print(usage)
            exit(2)
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func wants(_ part: String) -> Bool { parts.isEmpty || parts.contains(part) }
        if wants("calls") { try NameNodeBenchmark.run(folder: folder + "/calls") }
        if wants("memory") { try MemoryBenchmark.run(folder: folder + "/memory", files: files) }
        if wants("write") { try WriteBenchmark.run(folder: folder + "/write", rounds: rounds) }
    }
}

/// Prints a line at once, wherever the output goes.
func report(_ line: String) {
    print(line)
    fflush(nil)
}
