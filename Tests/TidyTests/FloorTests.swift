import Foundation
import Testing

/// The root of the package.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// Every file below a folder of the package whose name ends so.
func files(below folder: String, endingWith suffix: String) -> [URL] {
    let enumerator = FileManager.default.enumerator(
        at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
    return (enumerator?.compactMap { $0 as? URL } ?? []).filter { $0.lastPathComponent.hasSuffix(suffix) }
        .sorted { $0.path < $1.path }
}

/// The floor of each room, from the README's table: `| 0 | Core | …`.
func floors() throws -> [String: Int] {
    let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    var floors: [String: Int] = [:]
    for line in readme.split(separator: "\n") where line.hasPrefix("| ") {
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        guard cells.count >= 2, let floor = Int(cells[0]) else { continue }
        floors[cells[1]] = floor
    }
    return floors
}

@Test func everyRoomHasAFloor() throws {
    let rooms = try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("Sources").path)
        .filter { !isLibrary($0) }
    #expect(Set(rooms) == Set(try floors().keys))
}

@Test func importsGoDownTheFloors() throws {
    let floors = try floors()
    for (room, floor) in floors {
        for file in files(below: "Sources/\(room)", endingWith: ".swift") {
            let text = try String(contentsOf: file, encoding: .utf8)
            for line in text.split(separator: "\n") {
                guard let module = importedModule(String(line)), let other = floors[module], module != room else {
                    continue
                }
                #expect(other < floor, "\(file.path): \(room) (floor \(floor)) imports \(module) (floor \(other))")
            }
        }
    }
}

@Test func sourceFilesAreOfASizeOneCanTakeIn() throws {
    for file in files(below: "Sources", endingWith: ".swift")
    where !file.lastPathComponent.hasSuffix(".pb.swift") {
        let lines = try String(contentsOf: file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 800, "\(file.path) has \(lines.count) lines")
    }
}

/// C targets and system libraries lie below the floors.
private func isLibrary(_ folder: String) -> Bool {
    folder.hasPrefix("C") && folder.dropFirst().first?.isUppercase == true && folder != "CLI"
}

/// The room that a line imports: `import HoneyCore` is Core.
private func importedModule(_ line: String) -> String? {
    let words = line.split(separator: " ")
    guard let index = words.firstIndex(of: "import"), index + 1 < words.count, index <= 2 else { return nil }
    let name = words[index + 1]
    if name == "Honeyguide" { return "Honeyguide" }
    return name.hasPrefix("Honey") ? String(name.dropFirst(5)) : nil
}
