import Foundation
import HoneyHDFSSimulation
import Synchronization
import Testing

/// Scenarios made up by seeds. The environment asks for others than usual:
///
/// - `HONEYGUIDE_SIMULATIONS=10000`: so many, instead of 200;
/// - `HONEYGUIDE_SIMULATION_SEED=17`: only this one, with its history;
/// - `HONEYGUIDE_SIMULATION_EXPECTS_BUG=1`: there is a bug, and one of them has to find it.
struct RandomScenarioTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["HONEYGUIDE_SIMULATION_SEED"].flatMap { UInt64($0) }
    private static let expectsBug = environment["HONEYGUIDE_SIMULATION_EXPECTS_BUG"] == "1"
    private static let count = environment["HONEYGUIDE_SIMULATIONS"].flatMap { UInt64($0) } ?? 200
    private static let parts = 4

    /// How many have succeeded, of which a long run tells now and then.
    private static let succeeded = Mutex<UInt64>(0)

    private static func tellProgress() {
        let done = succeeded.withLock { count in
            count += 1
            return count
        }
        if count > 1000, done % 1000 == 0 { print("\(done) of \(count) simulations have succeeded") }
    }

    @Test(.enabled(if: seed == nil && !expectsBug), arguments: 0..<parts)
    func nothingAcknowledgedIsLostWhateverHappens(part: Int) {
        var run = SimulationRun(seeds: 0..<Self.count)
        run.stride = Self.parts
        let failure = run.firstFailure(offset: part, progress: Self.tellProgress)
        #expect(failure == nil, "\(failure?.description ?? "")")
    }

    @Test(.enabled(if: seed != nil)) func theSeedThatWasAskedForSucceeds() throws {
        let failure = SimulationRun.run(seed: try #require(Self.seed)) { print($0) }
        #expect(failure == nil, "\(failure?.description ?? "")")
    }

    @Test(.enabled(if: expectsBug)) func theBugIsFound() throws {
        let found = Mutex<SimulationRun.Failure?>(nil)
        var run = SimulationRun(seeds: 0..<Self.count)
        run.stride = Self.parts
        let all = run
        DispatchQueue.concurrentPerform(iterations: Self.parts) { part in
            guard let failure = all.firstFailure(offset: part, isEnough: { found.withLock { $0 != nil } }) else {
                return
            }
            found.withLock { $0 = $0 ?? failure }
        }
        let failure = try #require(found.withLock { $0 }, "no seed found the bug")
        print("found by seed \(failure.seed): \(failure.reason)")
    }

    @Test(arguments: 0..<5 as Range<UInt64>) func aSeedAlwaysHasTheSameHistory(seed: UInt64) {
        let histories = (0..<2).map { _ in
            let simulation = Simulation(Scenario(random: seed))
            _ = simulation.run()
            return simulation.fingerprint
        }
        #expect(histories[0] == histories[1], "seed \(seed)")
    }

    @Test func aScenarioCanBeReadFromItsText() throws {
        for seed in 0..<200 as Range<UInt64> {
            let scenario = Scenario(random: seed)
            #expect(try Scenario(parsing: scenario.text) == scenario, "seed \(seed)")
        }
        #expect(throws: (any Error).self) { try Scenario(parsing: "seed 1\nat 5 explode namenode") }
    }
}
