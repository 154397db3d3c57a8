import HoneyPlan
import HoneyTestKit
import Honeyguide
import Testing

@Suite struct FunctionTests {
    @Test func everyFunctionsExampleGivesWhatItSays() throws {
        let home = TemporaryHome()
        let session = try home.makeSession()
        for function in Extensions.standard().functions.documented {
            let example = function.documentation.example
            do {
                let lines = try TPCHTests.lines(of: try session.execute(example.query))
                #expect(lines == [example.result], "\(function.name): \(example.query)")
            } catch {
                Issue.record("\(function.name): \(example.query): \(error)")
            }
        }
    }

    @Test func theReferenceIsUpToDate() throws {
        let page = FunctionReference.markdown(Extensions.standard().functions)
        let difference = try LogicTestFiles.compare(page, withGolden: testsFolder + "/../Docs/Functions.md")
        #expect(difference == nil, "Docs/Functions.md is out of date: run UPDATE_GOLDENS=1 swift test")
    }
}
