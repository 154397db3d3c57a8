import Foundation
import HoneyFiles
import HoneyPlan
import HoneyTestKit
import Honeyguide
import Testing

/// The package's `Tests` folder.
let testsFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path

/// A home in a fresh directory that is removed afterwards.
final class TemporaryHome {
    let path = NSTemporaryDirectory() + "honeyguide-" + UUID().uuidString

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Starts a session over the home, whose warehouse is of plain files; files of HDFS take longer.
    func makeSession(onHDFS: Bool = false) throws -> Session {
        let engine = try Engine(home: path, properties: onHDFS ? [:] : ["fs.defaultFS": "file:///"])
        let session = engine.makeSession()
        session.variables["fixtures"] = testsFolder + "/Fixtures"
        session.variables["home"] = path
        session.variables["warehouse"] = try engine.warehouse.description
        session.settings["honeyguide.threads"] = "2"
        return session
    }
}

@Test(arguments: LogicTestFiles.find(below: testsFolder + "/SQL"))
func logicTest(_ path: String) throws {
    let home = TemporaryHome()
    let differences = try LogicTestFiles.run(path, in: try home.makeSession())
    for difference in differences { Issue.record("\(path) \(difference)") }
}
