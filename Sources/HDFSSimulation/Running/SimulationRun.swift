/// Many scenarios one after another, as they are asked for by a count or one by its seed.
package struct SimulationRun: Sendable {
    package var seeds: Range<UInt64>
    /// Every so many seeds one is run here, the others elsewhere.
    package var stride = 1

    package init(seeds: Range<UInt64>) { self.seeds = seeds }

    /// What went wrong with a seed.
    package struct Failure: Sendable, CustomStringConvertible {
        package var seed: UInt64
        package var scenario: Scenario
        package var reason: String

        /// How to see it again.
        package var command: String {
            "SWIFT_DETERMINISTIC_HASHING=1 HONEYGUIDE_SIMULATION_SEED=\(seed) swift test --filter HDFSSimulationTests"
        }

        package var description: String {
            "simulation of seed \(seed) failed \(reason)\nrun it again, with its history: \(command)\nthe scenario:\n\(scenario.text)"
        }
    }

    /// Runs scenarios until one fails, or until `isEnough` says so; `progress` hears of each that succeeded.
    package func firstFailure(
        offset: Int = 0, isEnough: () -> Bool = { false }, progress: () -> Void = {}
    ) -> Failure? {
        var seed = seeds.lowerBound + UInt64(offset)
        while seed < seeds.upperBound, !isEnough() {
            if let failure = Self.run(seed: seed) { return failure }
            progress()
            seed += UInt64(stride)
        }
        return nil
    }

    /// Runs the scenario of a seed; `trace` hears its history.
    package static func run(seed: UInt64, trace: ((String) -> Void)? = nil) -> Failure? {
        let scenario = Scenario(random: seed)
        return run(scenario, trace: trace).map { Failure(seed: seed, scenario: scenario, reason: $0) }
    }

    /// Runs a scenario; tells what went wrong.
    package static func run(_ scenario: Scenario, trace: ((String) -> Void)? = nil) -> String? {
        let simulation = Simulation(scenario)
        simulation.trace = trace
        return simulation.run()
    }
}
