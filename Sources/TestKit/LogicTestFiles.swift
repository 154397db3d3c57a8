import Foundation
public import Honeyguide

/// The logic tests below a folder, and the ways to run them.
public enum LogicTestFiles {
    /// Paths of `*.slt` below a folder, in order; the slow ones (`*.slow.slt`) only when asked for.
    public static func find(below folder: String, includingSlow: Bool = false) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".slt") && (includingSlow || !$0.hasSuffix(".slow.slt")) }
            .sorted().map { folder + "/" + $0 }
    }

    /// Runs a file in a session; with `UPDATE_GOLDENS=1` writes what happened into it instead of comparing.
    public static func run(_ path: String, in session: Session) throws -> [LogicTest.Difference] {
        let test = try LogicTest(try String(contentsOfFile: path, encoding: .utf8))
        let (differences, filledIn) = test.run(in: session)
        guard isUpdating else { return differences }
        if !differences.isEmpty { try filledIn.text.write(toFile: path, atomically: true, encoding: .utf8) }
        return []
    }

    /// Tells whether goldens are to be written (`UPDATE_GOLDENS=1`) rather than compared.
    public static var isUpdating: Bool { ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" }

    /// Compares text with a golden file, or writes the file when updating; returns what differs, nil for nothing.
    public static func compare(_ text: String, withGolden path: String) throws -> String? {
        if isUpdating {
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return nil
        }
        let expected = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return expected == text ? nil : "\(path)\n--- expected\n\(expected)\n--- actual\n\(text)"
    }
}
