import Foundation
import HoneyHDFSSimulation
import Testing

/// The scenarios of `Tests/Simulations`, each with its own seed and those that follow.
struct ScenarioFileTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Simulations")
    private static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".scenario") }.sorted()

    @Test func thereAreSome() { #expect(!Self.files.isEmpty) }

    /// `HONEYGUIDE_SIMULATION_SCENARIO=FILE` runs one, with its history.
    @Test(.enabled(if: asked != nil)) func theScenarioThatWasAskedForSucceeds() throws {
        let scenario = try Scenario(parsing: String(contentsOfFile: try #require(Self.asked), encoding: .utf8))
        let failure = SimulationRun.run(scenario) { print($0) }
        #expect(failure == nil, "\(failure ?? "")")
    }

    private static let asked = ProcessInfo.processInfo.environment["HONEYGUIDE_SIMULATION_SCENARIO"]

    @Test(arguments: files) func whatIsAcknowledgedSurvives(file: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
        var scenario = try Scenario(parsing: text)
        for _ in 0..<10 {
            let failure = SimulationRun.run(scenario)
            #expect(failure == nil, "\(file) with seed \(scenario.seed) fails \(failure ?? "")")
            scenario.seed += 1
        }
    }
}
