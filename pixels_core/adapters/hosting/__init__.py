"""What a serving process needs: settings, clocks, tasks, and Granian."""
