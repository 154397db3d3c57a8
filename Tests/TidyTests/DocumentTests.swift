import Foundation
import Testing

/// Paths in backquotes that look like files of this package.
private func paths(in text: String) -> [String] {
    let roots = ["Sources/", "Tests/", "Docs/", "Grammar/", "Benchmarks/", "Examples/"]
    return text.matches(of: /`([A-Za-z0-9_.\/+-]+)`/).map { String($0.1) }
        .filter { path in roots.contains { path.hasPrefix($0) } && !path.contains("*") }
}

@Test func pathsNamedInDocumentsExist() throws {
    let documents =
        [root.appendingPathComponent("README.md")] + files(below: "Docs", endingWith: ".md")
        + files(below: "Grammar", endingWith: ".md") + files(below: "Tests", endingWith: ".md")
    for document in documents {
        for path in paths(in: try String(contentsOf: document, encoding: .utf8)) {
            let exists = FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
            #expect(exists, "\(document.lastPathComponent) names \(path), which does not exist")
        }
    }
}

@Test func relativeLinksInDocumentsLeadSomewhere() throws {
    let documents = [root.appendingPathComponent("README.md")] + files(below: "Docs", endingWith: ".md")
    for document in documents {
        let text = try String(contentsOf: document, encoding: .utf8)
        for match in text.matches(of: /\]\(([^)#:]+)\)/) {
            let target = document.deletingLastPathComponent().appendingPathComponent(String(match.1))
            #expect(
                FileManager.default.fileExists(atPath: target.path),
                "\(document.lastPathComponent) links to \(match.1), which does not exist")
        }
    }
}

@Test func nothingNamesPathsOfAMachine() throws {
    let private_ = ["/" + "work/", "/" + "tmp/wt", ".." + "/shared"]
    for folder in ["Sources", "Tests", "Docs", "Grammar", "Benchmarks", "Examples"] {
        for suffix in [".swift", ".md", ".py", ".sh", ".slt", ".gram", ".hql"] {
            for file in files(below: folder, endingWith: suffix) {
                let text = try String(contentsOf: file, encoding: .utf8)
                for path in private_ { #expect(!text.contains(path), "\(file.path) names \(path)") }
            }
        }
    }
}
