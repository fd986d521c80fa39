// Package schedules holds Keras's learning-rate schedules as descriptions: plain
// structs that compute a learning rate from the number of steps done. A schedule
// keeps no state and changes no optimizer.
package schedules
