import Testing

@testable import Lifecycle

@Suite struct ShutdownTests {
  @Test func stopsFromTheLastToTheFirst() {
    var state = Shutdown(services: 3)
    #expect(state.signal() == [.stop(2)])
    #expect(state.ended(2) == [.stop(1)])
    #expect(state.ended(1) == [.stop(0)])
    #expect(state.ended(0) == [.finish])
  }

  @Test func theFirstEndStopsTheOthers() {
    var state = Shutdown(services: 3)
    #expect(state.ended(1) == [.stop(2)])
    #expect(state.ended(2) == [.stop(0)])
    #expect(state.ended(0) == [.finish])
  }

  @Test func theSecondSignalAbortsAllAtOnce() {
    var state = Shutdown(services: 3)
    #expect(state.signal() == [.stop(2)])
    #expect(state.signal() == [.abort(2), .abort(1), .abort(0)])
    #expect(state.ended(0) == [])
    #expect(state.ended(2) == [])
    #expect(state.ended(1) == [.finish])
  }

  @Test func aSignalWhileStoppingAfterAnEndAborts() {
    var state = Shutdown(services: 2)
    #expect(state.ended(1) == [.stop(0)])
    #expect(state.signal() == [.abort(0)])
    #expect(state.ended(0) == [.finish])
  }

  @Test func theThirdSignalGivesUp() {
    var state = Shutdown(services: 1)
    #expect(state.signal() == [.stop(0)])
    #expect(state.signal() == [.abort(0)])
    #expect(state.signal() == [.giveUp])
  }

  @Test func oneThatEndsTwiceOrIsUnknownCountsOnce() {
    var state = Shutdown(services: 2)
    #expect(state.ended(1) == [.stop(0)])
    #expect(state.ended(1) == [])
    #expect(state.ended(9) == [])
    #expect(state.ended(0) == [.finish])
  }

  @Test func anEndBeforeItsStopIsNotStoppedAgain() {
    var state = Shutdown(services: 3)
    #expect(state.signal() == [.stop(2)])
    #expect(state.ended(1) == [.stop(2)])
    #expect(state.ended(2) == [.stop(0)])
    #expect(state.ended(0) == [.finish])
  }
}
