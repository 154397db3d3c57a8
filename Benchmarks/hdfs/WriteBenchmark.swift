import Foundation
import Glibc
import HoneyCore
import HoneyFiles
import HoneyHDFS
import HoneyWorld
import NIOCore
import NIOPosix

/// Writing a file of 1 GiB with three replicas through TCP, beside three copies by `cp` and a `sync`, in turn.
enum WriteBenchmark {
    private static let bytes = 1 << 30
    private static let pieceBytes = 1 << 20

    static func run(folder: String, rounds: Int) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let source = folder + "/source"
        try makeSource(source)
        let cluster = try LoopbackCluster(folder: folder + "/hdfs")
        defer { cluster.stop() }
        var copies: [Double] = []
        var writes: [Double] = []
        for round in 0..<rounds {
            copies.append(try copy(source, folder: folder))
            writes.append(try write(source, on: cluster))
            report("round \(round + 1): \(text(copies[round])) s by cp and sync, \(text(writes[round])) s by HDFS")
        }
        let (copied, written) = (median(copies), median(writes))
        report(
            "1 GiB with 3 replicas: \(text(copied)) s by cp and sync, \(text(written)) s by HDFS: "
                + "\(text(copied / written)) times as fast (wanted: 0.5)")
    }

    private static func text(_ number: Double) -> String { String(format: "%.2f", number) }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func seconds(_ work: () throws -> Void) rethrows -> Double {
        let start = Moment.now().monotonicNanoseconds
        try work()
        return Double(Moment.now().monotonicNanoseconds - start) / 1e9
    }

    /// Bytes that no file system can make smaller.
    private static func makeSource(_ path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw HoneyError(.environment, "IO_ERROR", "cannot write \(path)") }
        var random = SeededRandom(seed: 1)
        var piece = [UInt64](repeating: 0, count: pieceBytes / 8)
        for _ in 0..<bytes / pieceBytes {
            for index in piece.indices { piece[index] = random.next() }
            try file.write(contentsOf: piece.withUnsafeBytes { Data($0) })
        }
        try file.close()
        sync()
    }

    private static func copy(_ source: String, folder: String) throws -> Double {
        let targets = (1...3).map { folder + "/copy\($0)" }
        defer {
            for target in targets { try? FileManager.default.removeItem(atPath: target) }
            sync()
        }
        return try seconds {
            for target in targets {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/bin/cp")
                process.arguments = [source, target]
                try process.run()
                process.waitUntilExit()
                guard process.terminationStatus == 0 else {
                    throw HoneyError(.environment, "IO_ERROR", "cp failed: \(target)")
                }
            }
            sync()
        }
    }

    private static func write(_ source: String, on cluster: LoopbackCluster) throws -> Double {
        guard let input = FileHandle(forReadingAtPath: source) else {
            throw HoneyError(.environment, "IO_ERROR", "cannot read \(source)")
        }
        let location = cluster.location("/file")
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceBytes, alignment: 4096)
        defer { buffer.deallocate() }
        let taken = try seconds {
            let file = try cluster.fileSystem.create(location, overwrite: true)
            while true {
                let count = read(input.fileDescriptor, buffer.baseAddress, buffer.count)
                guard count > 0 else { break }
                try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
            try file.close()
        }
        guard try cluster.fileSystem.status(location)?.size == bytes else {
            throw HoneyError(.environment, "IO_ERROR", "the file is not whole")
        }
        _ = try cluster.fileSystem.delete(location, recursive: false)
        cluster.waitUntilEmpty()
        sync()
        return taken
    }
}
